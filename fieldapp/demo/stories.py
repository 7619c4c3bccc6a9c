"""What the example's office tells of the results of article 4: how each came along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Story = Sequence[tuple[int, str, str, str, str]]
"""Months since the first day, status, number if any, what was done and what comes next."""

RESULTS: Mapping[str, Story] = {
    "4/1.1.1.a": (
        (4, "busy", "", "Zes plekken maakten samen met vrijwilligers een ruimer rooster.",
         "Na de zomer volgen de plekken die nu drie dagen open zijn."),
        (16, "busy", "", "Zes plekken zijn nu langer open, de meeste met een avond erbij.",
         "In de zomer volgen drie plekken; de andere zoeken nog vrijwilligers."),
    ),
    "4/1.1.1.b": (
        (5, "busy", "", "De eerste groep coördinatoren heeft de opleiding gedaan.",
         "Er komt een tweede groep in het najaar."),
        (17, "attention", "", "Wie alleen op die plek werkt, kan moeilijk een dag weg.",
         "Vervanging regelen op lesdagen, en een groep in de avond."),
    ),
    "4/1.1.1.c": (
        (3, "attention", "", "Voor de meeste plekken is er nog geen geld voor een betaalde kracht.",
         "Uitzoeken welk contract past."),
        (15, "busy", "", "Drie plekken hebben een betaalde coördinator.",
         "Twee plekken per jaar erbij, als er vast geld is."),
    ),
    "4/1.1.1.d": (
        (2, "busy", "", "De coördinatoren kwamen twee keer bij elkaar.",
         "Elk kwartaal afspreken, steeds op een andere plek."),
        (14, "reached", "", "Het netwerk komt elk kwartaal bij elkaar en kiest zelf waarover.",
         "Ook na de deal doorgaan; de coördinatoren verdelen de taken."),
    ),
    "4/1.1.1.e": (
        (6, "busy", "", "Twee adviseurs helpen plekken met vrijwilligers en met geld.",
         "Ook hulp bij het vinden van sponsors."),
        (17, "busy", "", "Bijna elke plek vroeg dit jaar om hulp; het meest om vrijwilligers.",
         "Een vaste avond waarop plekken elkaar helpen."),
    ),
    "4/1.1.1.f": (
        (5, "busy", "", "De helft van de plekken besprak de activiteiten met bewoners.",
         "De andere helft doet dit voor de zomer."),
        (17, "busy", "", "Elke plek bespreekt de activiteiten nu twee keer per jaar, op drie na.",
         "De drie plekken krijgen hulp bij een eerste gesprek."),
    ),
    "4/1.1.1.g": (
        (5, "attention", "", "De vergoeding loopt, maar weinig vrijwilligers kregen coaching.",
         "Coaching aanbieden bij het eerste gesprek."),
        (17, "busy", "", "Coaching hoort nu bij het eerste gesprek met een vrijwilliger.",
         "Met werkgevers afspreken wie een betaalde baan kan bieden."),
    ),
    "4/1.1.2.a": (
        (6, "busy", "", "De vier wijkbedrijven hebben werk voor elke dag van de week.",
         "Meer klussen voor de woningcorporaties."),
        (17, "busy", "", "Bij elk wijkbedrijf werken meer mensen dan een jaar geleden.",
         "Zelf geld verdienen met reparaties en onderhoud."),
    ),
    "4/1.1.2.b": (
        (6, "busy", "", "Er ligt een eerste opzet voor de regeling.", "Bespreken in de raad."),
        (17, "attention", "", "De raad wil eerst weten wat de regeling per jaar kost.",
         "Een berekening voor de zomer, een besluit in het najaar."),
        (22, "busy", "", "De berekening is af en besproken met de wijkbedrijven.",
         "Besluit van de raad in december."),
    ),
    "4/1.1.3.a": (
        (1, "reached", "", "De agenda werd eind maart 2024 vastgesteld.", "Elk jaar bespreken."),
        (16, "secured", "", "De agenda is voor de tweede keer besproken en bijgewerkt.",
         "Elk voorjaar opnieuw, samen met de begroting."),
    ),
    "4/1.1.3.b": (
        (12, "busy", "", "Per ontmoetingsplek staat er een dossier met cijfers en verhalen.",
         "Het voorstel schrijven in het voorjaar."),
        (17, "busy", "", "Drie manieren van betalen zijn naast elkaar gezet.",
         "Eén voorstel aan het bestuur voor de zomer van 2027."),
    ),
    "4/1.2.1.a": (
        (3, "busy", "", "De Werkplaats is begonnen met tien bewoners.", "In elke wijk een groep."),
        (15, "reached", "", "De Werkplaats werkt in alle vier de wijken.",
         "Bewoners leiden zelf de bijeenkomsten."),
    ),
    "4/1.2.1.b": (
        (8, "not_started", "", "Eerst ervaring opdoen in de wijken.", "In 2026 opschrijven."),
        (17, "busy", "", "Wat werkt, staat in een handleiding voor ambtenaren.",
         "Twee afdelingen proberen de handleiding uit."),
    ),
    "4/1.3.1": (
        (5, "busy", "1", "Eén plint is opgeknapt, met een ruimte voor de buurt.",
         "De tweede is begonnen."),
        (16, "reached", "2", "Twee plinten zijn opgeknapt.", "Een derde volgt in 2027."),
    ),
    "4/1.3.2": (
        (4, "busy", "", "Drie partijen gaan samen langs de deur.", "De aanpak opschrijven."),
        (16, "busy", "", "De aanpak staat op papier en wordt in twee buurten gebruikt.",
         "Een andere wijk probeert hem na de zomer."),
    ),
    "4/1.3.3": (
        (6, "busy", "", "Op tien plekken is er elke maand een spreekuur.",
         "Ook GGZ en hulp bij schulden op vaste dagen."),
        (17, "busy", "", "Hulpverleners en vrijwilligers kennen elkaar op de meeste plekken.",
         "Afspreken wie belt als iemand niet meer komt."),
    ),
    "4/2.1.1.a": (
        (4, "busy", "", "Het ambachtscentrum is open.", "De hub begint in het najaar."),
        (15, "busy", "", "De hub is open; zorgbedrijven en scholen proberen er nieuwe dingen.",
         "Samen uitrekenen hoe beide na de deal verder kunnen."),
    ),
    "4/2.1.1.b": (
        (9, "busy", "", "Acht starters volgden een eerste programma.", "Een tweede groep."),
        (17, "reached", "", "Er zijn nu twee programma's per jaar, met een volle groep.",
         "Een partner zoeken die de programma's overneemt."),
    ),
    "4/2.1.1.c": (
        (3, "busy", "", "Twee avonden voor ondernemers in het ambachtscentrum.",
         "Elke maand een avond."),
        (13, "attention", "", "Weinig ondernemers komen een tweede keer.",
         "Eén vaste avond, met een thema dat zij kiezen."),
    ),
    "4/2.1.2.a": (
        (5, "busy", "1", "Het eerste bedrijf met personeel is er.", "Twee zijn in gesprek."),
        (17, "busy", "3", "Er zijn drie bedrijven, in drie plinten.",
         "De vierde tekent na de zomer."),
        (23, "reached", "4", "Vier bedrijven in vier plinten, samen 31 banen.",
         "Plek houden voor kleine bedrijven."),
    ),
    "4/2.1.2.b": (
        (4, "busy", "1", "De eerste starter betaalt een huur die elk jaar stijgt.", "Nog drie."),
        (16, "busy", "2", "Op twee plekken is ingroeihuur mogelijk.", "Nog twee."),
    ),
    "4/2.1.2.c": (
        (10, "not_started", "", "De plinten worden eerst opgeknapt.",
         "Regels maken voor huurders."),
        (17, "busy", "", "Nieuwe huurders krijgen een gesprek; twee aanvragen zijn afgewezen.",
         "Bewoners vragen welke winkel zij missen."),
    ),
    "4/2.1.2.d": (
        (5, "busy", "", "Van de eerste plint is opgeschreven wat goed en niet goed ging.",
         "Er één werkwijze van maken."),
        (16, "reached", "", "De werkwijze is klaar en gedeeld.", "Gebruiken bij de derde plint."),
    ),
    "4/2.1.3.a": (
        (5, "reached", "", "De ondernemersschool had een klas van twaalf mensen.",
         "Elk jaar een klas."),
        (17, "reached", "", "De tweede klas is klaar; zes mensen schreven een bedrijf in.",
         "Een klas voor wie al langer een bedrijf heeft."),
    ),
    "4/2.1.3.b": (
        (7, "attention", "", "De huren stijgen sneller dan gedacht.", "Praten met eigenaren."),
        (17, "busy", "", "Twee eigenaren houden een deel van hun panden betaalbaar.",
         "De afspraak ook aan andere eigenaren voorstellen."),
    ),
    "4/2.1.3.c": (
        (6, "busy", "", "Een groep van vijftien ondernemers spreekt af.", "Een bestuur kiezen."),
        (17, "stopped", "", "De groep gaat samen met het netwerk van het ambachtscentrum.",
         "Verder bij 4/2.1.1.c."),
    ),
    "4/2.1.3.d": (
        (1, "busy", "2", "Twee bijeenkomsten, 121 ondernemers bereikt.", "Volgend jaar drie."),
        (13, "reached", "3", "Drie bijeenkomsten, 214 ondernemers bereikt.", "Weer drie."),
        (17, "busy", "1", "Eén bijeenkomst over personeel vinden.", "Na de zomer nog twee."),
        (23, "busy", "2", "Twee bijeenkomsten, 158 ondernemers bereikt.", "De derde in december."),
    ),
    "4/2.2.1.a": (
        (5, "busy", "", "De campus heeft vijf vaste partners.", "Ook de zorg erbij."),
        (16, "busy", "", "Zorg en techniek geven samen les in De Meppel.",
         "Een plan voor de jaren na de deal."),
    ),
    "4/2.2.1.b": (
        (5, "busy", "1", "De korte opleiding schilderen is begonnen.",
         "Dagelijks onderhoud volgt."),
        (17, "busy", "3", "Drie loopbaanpaden lopen.", "Nog twee in het najaar."),
        (22, "busy", "5", "Zorg en beveiliging zijn erbij gekomen.", "In 2027 nog drie."),
    ),
    "4/2.2.1.c": (
        (7, "busy", "", "Werkgevers en scholen maakten een lijst van lastig te vullen banen.",
         "Per baan een kort traject."),
        (17, "busy", "", "Voor vier beroepen is er een kort traject met een baan aan het eind.",
         "Tellen hoeveel mensen er na een half jaar nog werken."),
    ),
    "4/2.3.1.a": (
        (1, "busy", "1", "De eerste klas is begonnen.", "De tweede begint in februari."),
        (11, "reached", "2", "Twee klassen in dit schooljaar.", "Weer twee."),
        (16, "busy", "2", "De tweede klas is in februari begonnen.", "Na de zomer weer twee."),
        (23, "reached", "3", "Een nieuwe klas is begonnen.", "De volgende begint in februari."),
    ),
    "4/2.3.1.b": (
        (4, "busy", "", "De scholen bellen elke week wie er niet was.", "Cijfers in het najaar."),
        (12, "attention", "", "Het aantal jongeren dat stopt, daalt nog niet.",
         "Al in de eerste weken met ouders praten."),
    ),
    "4/2.3.2.a": (
        (3, "busy", "", "Jongeren richtten zelf een lokaal in.", "Elke middag open."),
        (15, "reached", "", "De Meppel is elke middag open voor jongeren en leerlingen.",
         "Meer bedrijven die laten zien wat zij doen."),
    ),
    "4/2.3.2.b": (
        (1, "busy", "1", "Een open dag in De Meppel.", "Volgend jaar twee keer."),
        (12, "reached", "2", "Twee open dagen in De Meppel, samen ruim vierhonderd bezoekers.",
         "Weer twee."),
        (17, "busy", "1", "De eerste open dag van het jaar.", "In juli een feest."),
        (20, "reached", "2", "Een zomerfeest met werkgevers.", "Volgend jaar weer twee keer."),
    ),
    "4/2.3.3.a": (
        (1, "busy", "64", "64 jongeren in het eerste halve jaar.", "Ook op de mbo-scholen."),
        (13, "reached", "118", "118 jongeren in dit jaar.", "Een hoger streefcijfer afspreken."),
        (16, "adjusted", "31", "Het streefcijfer ging omhoog; er zijn dit jaar 31 jongeren.",
         "Een actie voor de vakantie."),
        (23, "busy", "97", "97 jongeren dit jaar tot nu toe.", "Een banenmarkt in december."),
    ),
    "4/2.4.1.a": (
        (4, "busy", "", "Corporaties melden een achterstand na één maand.", "Ook energie."),
        (16, "reached", "", "Corporaties, gemeente en energiebedrijf bellen binnen twee weken.",
         "Nagaan of mensen geholpen zijn."),
    ),
    "4/2.4.1.b": (
        (6, "attention", "", "Er kwamen meer aanvragen dan een jaar eerder.",
         "Kijken of dat komt doordat mensen zich eerder melden."),
        (17, "busy", "", "De schulden zijn bij de aanvraag lager dan een jaar geleden.",
         "Het aantal volgt later, verwachten wij."),
    ),
    "4/2.4.1.c": (
        (4, "busy", "", "Twee stages door het opknappen van portieken.", "Nog vier."),
        (14, "busy", "", "Zes stages en één leerwerkplek.", "In elk nieuw contract vragen."),
    ),
    "4/2.4.2.a": (
        (6, "busy", "", "Vier plekken geven taalles met kinderopvang.", "Vaste oppas zoeken."),
        (17, "busy", "", "Op twee plekken past een betaalde kracht op de kinderen.",
         "Ook lessen in de avond."),
    ),
    "4/2.5.a": (
        (5, "reached", "", "Elke wijk heeft een wijkbedrijf.", "Ze elkaar laten helpen."),
        (16, "reached", "", "De vier wijkbedrijven hebben één loket voor opdrachten.",
         "Vast geld regelen, zie 4/1.1.2.b."),
    ),
    "4/2.5.b": (
        (6, "busy", "", "In elke wijk loopt een pilot.", "Meer deelnemers werven."),
        (17, "busy", "", "De pilots werven samen, ook bij de voedselbank.",
         "Afspreken wat er na een pilot komt."),
    ),
    "4/2.5.c": (
        (6, "busy", "", "Deelnemers werken in groen, zwerfvuil en portieken.",
         "Ook klussen bij ouderen."),
        (17, "reached", "", "In alle vier de wijken werken mensen uit een pilot voor de buurt.",
         "De wijken zelf laten kiezen wat eerst moet."),
    ),
    "4/2.5.3.a": (
        (7, "not_started", "", "Eerst de regeling voor wijkbedrijven.", "Daarna deze."),
        (17, "busy", "", "De regeling gaat samen met die van 4/1.1.2.b.",
         "Samen naar de raad in het najaar."),
    ),
}  # fmt: skip
"""By result, the first first."""

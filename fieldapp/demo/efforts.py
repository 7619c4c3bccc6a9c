"""What the example's office tells of the initiatives of article 3: who does it, how it goes."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.demo.stories import Story

OWNERS: Mapping[str, str] = {
    "3/1.1.1": "gemeente, welzijn", "3/1.1.2": "gemeente, werk",
    "3/1.1.3": "gemeente, financiën", "3/1.2.1": "gemeente, stadsdeel",
    "3/1.2.2": "gemeente, stadsdeel", "3/1.3.1": "woningcorporaties",
    "3/1.3.2": "woningcorporaties", "3/1.3.3": "gemeente, zorg",
    "3/2.1.1": "gemeente, economie", "3/2.1.2": "woningcorporaties",
    "3/2.1.3": "gemeente, economie", "3/2.2.1": "mbo-scholen",
    "3/2.3.1": "gemeente, onderwijs", "3/2.3.2": "mbo-scholen",
    "3/2.3.3": "gemeente, jeugd", "3/2.4.1": "woningcorporaties",
    "3/2.4.2": "gemeente, onderwijs", "3/2.5.1": "gemeente, werk",
    "3/2.5.2": "gemeente, werk", "3/2.5.3": "gemeente, financiën",
}  # fmt: skip
"""The part of an organisation that answers for an initiative, never a person."""

INITIATIVES: Mapping[str, Story] = {
    "3/1.1.1": (
        (5, "busy", "", "Vier plekken zijn langer open dan bij het begin.",
         "De coördinatoren gaan samen naar een opleiding."),
        (17, "busy", "", "Zes plekken zijn langer open, vaak met een avond erbij.",
         "Vervanging regelen, zodat plekken ook in de zomer open blijven."),
    ),
    "3/1.1.2": (
        (5, "busy", "", "De vier wijkbedrijven kregen elk een vaste begeleider.",
         "Samen opdrachten zoeken."),
        (17, "busy", "", "De vier wijkbedrijven werken samen aan grote opdrachten.",
         "Elk wijkbedrijf maakt een plan voor na de subsidie."),
    ),
    "3/1.1.3": (
        (8, "busy", "", "Voor elke plek is uitgerekend wat open zijn kost.",
         "Fondsen en corporaties vragen om mee te betalen."),
        (17, "busy", "", "Twee fondsen en een corporatie willen meedenken.",
         "Eén voorstel voor alle plekken samen."),
    ),
    "3/1.2.1": (
        (4, "busy", "", "Bewoners kozen zelf drie onderwerpen voor hun wijk.",
         "Per onderwerp een groep met ambtenaren."),
        (16, "busy", "", "Twee plannen van bewoners zijn uitgevoerd, één kon niet door de kosten.",
         "Eerder vertellen wat er kan en wat niet."),
    ),
    "3/1.2.2": (
        (3, "busy", "", "De Werkplaats heeft een vaste ruimte.", "Elke maand een open avond."),
        (15, "reached", "", "De Werkplaats werkt in alle vier de wijken.",
         "Opschrijven hoe dit gewoon werk van de gemeente wordt."),
    ),
    "3/1.3.1": (
        (5, "busy", "", "De eerste plint is klaar.", "Bewoners kiezen mee over de tweede."),
        (16, "busy", "", "De tweede plint is klaar en helemaal verhuurd.",
         "Geld zoeken voor een derde."),
    ),
    "3/1.3.2": (
        (6, "busy", "", "Corporaties, gemeente en politie delen wat zij zien.",
         "Elke maand samen op pad."),
        (17, "busy", "", "Er zijn 46 woningen bezocht; acht kwamen weer vrij voor huurders.",
         "De werkwijze aan andere wijken laten zien."),
    ),
    "3/1.3.3": (
        (7, "busy", "", "Hulpverleners liepen een dag mee op een ontmoetingsplek.",
         "Vaste spreekuren afspreken."),
        (17, "busy", "", "Er zijn vaste spreekuren, en een telefoonnummer voor vrijwilligers.",
         "Ook buiten kantoortijd iemand kunnen bellen."),
    ),
    "3/2.1.1": (
        (4, "busy", "", "Het ambachtscentrum opende met vier werkplaatsen.",
         "De hub volgt in het najaar."),
        (15, "busy", "", "Beide zijn open en werken met scholen samen.",
         "Uitzoeken wie na de deal betaalt."),
    ),
    "3/2.1.2": (
        (6, "busy", "", "Er is een lijst van lege panden en wie de eigenaar is.",
         "Met vijf eigenaren in gesprek."),
        (17, "busy", "", "Drie panden zijn in gebruik door nieuwe bedrijven.",
         "Een vierde pand, met ruimte voor starters."),
    ),
    "3/2.1.3": (
        (5, "busy", "", "Eén contactpersoon helpt ondernemers met al hun vragen.",
         "Meer bekend worden in Moerwijk."),
        (17, "busy", "", "Ondernemers weten de contactpersoon te vinden; vier vragen per week.",
         "Samen inkopen en samen personeel zoeken."),
    ),
    "3/2.2.1": (
        (5, "busy", "", "Scholen en bedrijven kozen drie richtingen.", "De eerste lessen."),
        (16, "busy", "", "In De Meppel krijgen leerlingen en volwassenen samen les.",
         "Meer bedrijven die een plek om te leren geven."),
    ),
    "3/2.3.1": (
        (4, "busy", "", "Een team belt jongeren die niet meer naar school gaan.",
         "Ook langs de deur."),
        (12, "attention", "", "Jongeren zijn moeilijk te bereiken; veel nummers kloppen niet.",
         "Jongeren vragen om andere jongeren mee te nemen."),
        (23, "busy", "", "Jongeren nemen nu andere jongeren mee.", "Een plek in elke wijk."),
    ),
    "3/2.3.2": (
        (3, "busy", "", "Jongeren dachten mee over De Meppel.", "Een programma voor elke week."),
        (15, "busy", "", "Er is elke week iets te doen over muziek, sport en werk.",
         "Meer meiden bereiken."),
    ),
    "3/2.3.3": (
        (4, "busy", "", "Het loket staat elke maand op twee scholen.", "Op alle scholen."),
        (16, "busy", "", "Alle scholen kennen het loket.", "Ook hulp bij het eerste loon."),
    ),
    "3/2.4.1": (
        (6, "busy", "", "Corporaties en gemeente hebben één formulier.", "Sneller bellen."),
        (17, "busy", "", "Wie een maand achterloopt, wordt binnen twee weken gebeld.",
         "Nagaan wat mensen van dat gesprek vinden."),
    ),
    "3/2.4.2": (
        (7, "busy", "", "Taalles met kinderopvang begon op twee plekken.", "Twee erbij."),
        (17, "busy", "", "Op vier plekken kunnen ouders les volgen terwijl iemand oppast.",
         "Ook in de avond."),
    ),
    "3/2.5.1": (
        (5, "busy", "", "In elke wijk begon een pilot.", "Meer deelnemers werven."),
        (17, "busy", "", "De pilots delen begeleiders en opdrachten.",
         "Voor elke deelnemer een volgende stap zoeken."),
    ),
    "3/2.5.2": (
        (4, "reached", "", "Elke wijk heeft een wijkbedrijf.", "Bekend worden in de buurt."),
        (16, "reached", "", "Alle vier de wijkbedrijven zijn vijf dagen per week open.",
         "Zelf meer verdienen."),
    ),
    "3/2.5.3": (
        (9, "not_started", "", "Eerst uitzoeken wat er nodig is.", "Een opzet in het najaar."),
        (17, "busy", "", "De opzet voor de regeling ligt bij de raad.",
         "Een besluit voor het einde van het jaar."),
    ),
}  # fmt: skip
"""By initiative, the first first."""

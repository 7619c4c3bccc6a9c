// Days in the words of the page.
const DAY = 86_400_000; // ms
const language = document.documentElement.lang;
const midnight = (moment) => new Date(moment).setHours(0, 0, 0, 0);

/** "vandaag", "gisteren", "dinsdag", "3 november". */
export function day(moment) {
  const ahead = Math.round((midnight(moment) - midnight(Date.now())) / DAY);
  if (Math.abs(ahead) < 2) {
    return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(ahead, "day");
  }
  const words = Math.abs(ahead) < 7 ? { weekday: "long" } : { day: "numeric", month: "long" };
  return new Date(moment).toLocaleDateString(language, words);
}

/** Parts in a row, with the comma of the language between them. */
export const listed = (parts) => parts.filter(Boolean).join(language === "ar" ? "، " : ", ");

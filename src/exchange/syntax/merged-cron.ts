/** Several cron expressions as the one that means all their times; null where there is none. */
export function mergedCron(crons: readonly string[]): string | null {
  const rows = [...new Set(crons)].map((cron) => cron.split(' '));
  const whole = productOf(rows);
  if (whole !== null) return whole.join(' ');
  // Where both a day of the month and a weekday are given, either is enough.
  const [ofMonth, ofWeek] = [
    productOf(rows.filter((row) => row[4] === '*')),
    productOf(rows.filter((row) => row[4] !== '*')),
  ];
  if (ofMonth === null || ofWeek === null || ofMonth[2] === '*' || ofWeek[2] !== '*') return null;
  const isSame = [0, 1, 3].every((index) => ofMonth[index] === ofWeek[index]);
  return isSame ? [...ofMonth.slice(0, 4), ofWeek[4]].join(' ') : null;
}

/** One with lists, where the rows are all that its lists come to. */
function productOf(rows: readonly (readonly string[])[]): readonly string[] | null {
  const [first] = rows;
  if (first === undefined) return null;
  const fields = first.map((_, index) => [...new Set(rows.map((row) => row[index] ?? '*'))]);
  const product = fields.reduce((count, each) => count * each.length, 1);
  const isWhole = product === rows.length && !fields.some((each) => each.length > 1 && each.includes('*'));
  return isWhole ? fields.map((each) => each.join(',')) : null;
}

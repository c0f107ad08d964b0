// What only `overseer import` and `overseer export` need: the parsers of other formats.
export { importFiles } from '../exchange/read-import.ts';
export { problemsOf, writeImported } from '../exchange/written.ts';
export { exportJobs } from '../exchange/export-jobs.ts';
export { readJobs } from '../exchange/read-jobs.ts';
export { writeFiles } from '../exchange/written.ts';

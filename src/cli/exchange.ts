// What only `overseer import` and `overseer export` need: the parsers of other formats.
export { importFiles } from '../exchange/read-import.ts';
export { problemsOf, writeBeside } from '../exchange/written.ts';

/** Stands in for the package of that name, which yargs uses to lay out its help, in the bundle. */
export { displayWidth as default } from '../../text/display-width.ts';

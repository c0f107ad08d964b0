/** Replaces the package of the same name in the bundle; yargs uses it to lay out its help. */
export { displayWidth as default } from '../../text/display-width.ts';

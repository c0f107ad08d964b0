import { displayWidth } from '../../text/display-width.ts';

// oxlint-disable-next-line no-control-regex -- finding them is the point
const STYLES = /\u001b\[[0-9;:]*m/g;

/** Replaces the package `string-width` in the bundle: Ink measures a text as the rest of overseer does. */
export default function styledWidth(text: string): number {
  return displayWidth(text.includes('\u001b') ? text.replace(STYLES, '') : text);
}

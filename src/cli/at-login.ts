// What only `overseer autostart`, and a trigger whose entry leads nowhere, needs.
export { disable, enable, type Done } from './autostart/enable.ts';
export { look, type Facts } from './autostart/look.ts';
export { mend } from './autostart/mend.ts';
export {
  disabledText,
  enabledText,
  factsJson,
  mendedText,
  statusText,
  troubleText,
} from './autostart/words.ts';

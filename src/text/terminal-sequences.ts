/**
 * What a terminal obeys: control sequences such as colours, strings such as titles and links up to their end,
 * and escapes of a few letters.
 */
export const SEQUENCE =
  // oxlint-disable-next-line no-control-regex -- finding them is the point
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]+[0-~]|[0-OQ-WYZ\\`-~])/g;

/** Whether a sequence is colours and styles only. */
// oxlint-disable-next-line no-control-regex -- finding them is the point
export const isStyle = (sequence: string): boolean => /^\u001b\[[0-9;:]*m$/.test(sequence);

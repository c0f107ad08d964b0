/**
 * Where Stately's inspector is served; the bridge page accepts messages from it and sends to it, and to
 * nobody else.
 */
export const STATELY = 'https://stately.ai';

/** The origin of Stately's inspector, the only one that the bridge page exchanges messages with. */
export const STATELY = 'https://stately.ai';

/**
 * Where tests run: far from Greenwich, by no whole hours, and without summer time. What takes a local time
 * for one of Greenwich, or the other way round, is wrong by that.
 */
export const ZONE = 'Asia/Kathmandu';

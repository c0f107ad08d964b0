/** How many bytes one unit of `ulimit` is; other limits are counts or seconds everywhere. */
const UNIT_BYTES: Readonly<Record<string, number>> = {
  core: 512,
  fsize: 512,
  stack: 1024,
  data: 1024,
  as: 1024,
  memlock: 1024,
};

export const isLimitOfBytes = (name: string): boolean => UNIT_BYTES[name] !== undefined;

/** A limit of a job as other tools count it: in bytes where it is a size. */
export const limitElsewhere = (name: string, value: number): number => value * (UNIT_BYTES[name] ?? 1);

/** The reverse; a size between two units is rounded up. */
export const limitHere = (name: string, value: number): number => Math.ceil(value / (UNIT_BYTES[name] ?? 1));

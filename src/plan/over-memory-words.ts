import { sizeText, stepOf } from '../text/size-text.ts';

/** How much memory a job had, against what its config allows, in the units of the config. */
export function overMemoryWords({
  bytes,
  maxBytes,
}: {
  readonly bytes: number;
  readonly maxBytes: number;
}): string {
  const step = stepOf(maxBytes);
  return `its memory was ${sizeText(bytes, step)}, above the ${sizeText(maxBytes, step)} of max_memory`;
}

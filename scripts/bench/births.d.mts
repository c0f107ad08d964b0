export function now(): number;

export class TooSlow extends Error {}

export class Births {
  constructor(fifo: string);
  readonly count: number;
  forget(): void;
  all(count: number, limitMs: number): Promise<number>;
  of(name: string, limitMs: number): Promise<number>;
  noneLeft(since: number, limitMs: number): Promise<number>;
  close(): void;
}

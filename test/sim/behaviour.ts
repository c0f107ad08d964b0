import { Random } from '../support/random.ts';

/** What one run of a program will do. */
export interface Behaviour {
  /** From the fork until its shell reads the gate: long on a loaded machine. */
  readonly gateMs: number;
  /** After so long it ends by itself; null when it never does. */
  readonly livesMs: number | null;
  readonly code: number;
  readonly ignoresTerm: boolean;
  readonly termMs: number;
  /** A program that handles the signal ends with a code instead. */
  readonly termCode: number | null;
  readonly killMs: number;
  readonly leavesChild: boolean;
  readonly childIgnoresTerm: boolean;
  /** Writes over its own environment, as some do that show their state in `ps`. */
  readonly hidesMarker: boolean;
  /** What of it leaves its group; null where nothing does. */
  readonly stray: Stray | null;
}

/** A process that leaves the group of its job. */
export interface Stray {
  readonly leavesSession: boolean;
  readonly ignoresTerm: boolean;
  readonly hidesMarker: boolean;
  readonly hidesLog: boolean;
}

/** How many of the runs have a process that leaves the group. */
const STRAYS = 0.12;

const TEMPERAMENTS = { steady: 4, crashy: 2, finishing: 2, moody: 2 } as const;

/** The nth run of an instance in the world of a seed. A calm one runs until it is told to end. */
export function behaviourOf(seed: number, instance: string, nth: number, isCalm: boolean): Behaviour {
  const temperament = new Random(seed, 'temperament', instance.split('@')[0] as string).weighted(
    TEMPERAMENTS,
  );
  const random = new Random(seed, 'run', instance, nth);
  const isSlow = random.chance(0.06);
  return {
    gateMs: isSlow && !isCalm ? random.int(300, 2_500) : random.int(0, 8),
    livesMs: isCalm ? null : livesMs(temperament, random),
    code: temperament === 'finishing' ? (random.chance(0.8) ? 0 : 1) : random.pick([0, 1, 1, 3]),
    ignoresTerm: random.chance(0.15),
    termMs: random.chance(0.3) ? random.int(50, 900) : random.int(0, 5),
    termCode: random.chance(0.3) ? random.pick([0, 143]) : null,
    killMs: random.chance(0.08) ? random.int(200, 2_500) : random.int(0, 3),
    leavesChild: random.chance(0.15),
    childIgnoresTerm: random.chance(0.5),
    hidesMarker: random.chance(0.5),
    stray: strayOf(new Random(seed, 'stray', instance, nth)),
  };
}

/** Of a die of its own, so that the other worlds are what they were before there were strays. */
function strayOf(random: Random): Stray | null {
  if (!random.chance(STRAYS)) return null;
  return {
    leavesSession: random.chance(0.5),
    ignoresTerm: random.chance(0.3),
    hidesMarker: random.chance(0.4),
    hidesLog: random.chance(0.3),
  };
}

function livesMs(temperament: keyof typeof TEMPERAMENTS, random: Random): number | null {
  switch (temperament) {
    case 'steady':
      return random.chance(0.1) ? random.int(500, 6_000) : null;
    case 'crashy':
      return random.chance(0.8) ? random.int(0, 150) : random.int(150, 3_000);
    case 'finishing':
      return random.int(5, 3_000);
    case 'moody':
      return random.chance(0.5) ? random.int(0, 4_000) : null;
    default:
      return temperament satisfies never;
  }
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A source file and what it imports: files of the repository by their path, everything else by its name. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s+(['"])([^'"\n]+)\1|(?:^|\n)\s*import\s+(['"])([^'"\n]+)\3|\b(?:import|process\.getBuiltinModule)\(\s*(['"])([^'"\n]+)\5\s*\)/g;

/** The sources in some folders of the repository, `.ts`, `.tsx` and `.mts`, sorted by path. */
export function sourcesIn(...folders: readonly string[]): readonly Source[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((path) => /\.(?:m?ts|tsx)$/.test(path) && !path.endsWith('.d.ts') && !path.endsWith('.d.mts'))
    .toSorted()
    .map((path) => sourceOf(path));
}

function sourceOf(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const imports = [...text.matchAll(IMPORT)].map((match) => match[2] ?? match[4] ?? match[6] ?? '');
  return {
    path,
    text,
    imports: imports.map((name) => (name.startsWith('.') ? normalize(join(dirname(path), name)) : name)),
  };
}

/** The files of a circle of imports; null when there is none. */
export function circleIn(sources: readonly Source[]): readonly string[] | null {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): readonly string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return null;
    for (const next of byPath.get(path)?.imports ?? []) {
      const circle = byPath.has(next) ? visit(next, [...trail, path]) : null;
      if (circle !== null) return circle;
    }
    done.add(path);
    return null;
  };
  for (const path of byPath.keys()) {
    const circle = visit(path, []);
    if (circle !== null) return circle;
  }
  return null;
}

/** Imports of files that are not there: a rule about imports that misses one is none. */
export function lostImports(sources: readonly Source[]): readonly string[] {
  return sources.flatMap(({ path, imports }) =>
    imports
      .filter((name) => /^(src|machines|test)\//.test(name) && !existsSync(join(ROOT, name)))
      .map((name) => `${path}: ${name}`),
  );
}

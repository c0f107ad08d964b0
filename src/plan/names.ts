/** Whether an instance is what somebody means by a word: itself, one of the copies of that job, or what a pattern matches. */
export function isMeant(instance: string, word: string): boolean {
  return instance === word || jobNameOf(instance) === word || (isPattern(word) && matches(instance, word));
}

/** No job can be called like that: `*` stands for any letters, `?` for one. */
export function isPattern(word: string): boolean {
  return /[*?]/.test(word);
}

/** `web` of `web@2`. */
export function jobNameOf(instance: string): string {
  return instance.replace(/@\d+$/, '');
}

/** Each letter is looked at once for each star at most: no pattern takes long. */
export function matches(name: string, pattern: string): boolean {
  let at = 0;
  let wanted = 0;
  let star: { readonly wanted: number; at: number } | null = null;
  while (at < name.length) {
    if (pattern[wanted] === '*') {
      star = { wanted, at };
      wanted += 1;
    } else if (pattern[wanted] === '?' || pattern[wanted] === name[at]) {
      at += 1;
      wanted += 1;
    } else if (star !== null) {
      // What the last star stands for grows by one.
      star.at += 1;
      at = star.at;
      wanted = star.wanted + 1;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(wanted));
}

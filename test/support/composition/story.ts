/** The longest part of a story that is checked for repetition. */
const LONGEST = 12;

/** Sentences as a numbered list in which what happens again in the same way is said once. */
export function storyInWords(story: readonly string[]): readonly string[] {
  return shortened(story).map((sentence, index) => `${index + 1}. ${sentence}`);
}

function shortened(story: readonly string[]): readonly string[] {
  for (let length = 2; length <= LONGEST; length += 1) {
    for (let at = 0; at + 2 * length <= story.length; at += 1) {
      const times = timesAgain(story, at, length);
      if (times < 2) continue;
      const rest = story.slice(at + length * (times + 1));
      return [
        ...story.slice(0, at + length),
        `The last ${length} sentences come true ${times} times more, with other daemons.`,
        ...shortened(rest),
      ];
    }
  }
  return story;
}

/** How often a part of the story is followed by itself but for the numbers of the daemons. */
function timesAgain(story: readonly string[], at: number, length: number): number {
  const part = alike(story.slice(at, at + length));
  let times = 0;
  while (alike(story.slice(at + length * (times + 1), at + length * (times + 2))) === part) times += 1;
  return times;
}

function alike(sentences: readonly string[]): string {
  return sentences.join(' ').replaceAll(/\d+/g, 'N');
}

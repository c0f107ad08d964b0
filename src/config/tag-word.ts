/** The prefix that selects jobs by tag, in `after` and in commands. */
const TAG = 'tag:';

/** The word by which a tag selects its jobs. */
export const wordForTag = (tag: string): string => `${TAG}${tag}`;

export const isTagWord = (word: string): boolean => word.startsWith(TAG);

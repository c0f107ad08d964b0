/** Something that keeps an entry from working, or that its user should know; words.ts puts words to it. */
export type Trouble =
  /** What only the user can decide about. */
  | { readonly code: 'unsupported'; readonly platform: string }
  | { readonly code: 'foreign' | 'edited' | 'missing' }
  | { readonly code: 'unwritable'; readonly detail: string }
  /** About the programs. */
  | { readonly code: 'program-gone'; readonly program: string }
  | { readonly code: 'no-node'; readonly path: string; readonly node: string }
  | { readonly code: 'program-fails'; readonly detail: string }
  | { readonly code: 'odd-path'; readonly part: string }
  | { readonly code: 'cannot-be-written'; readonly name: string }
  /** About the service manager. */
  | { readonly code: 'no-tool'; readonly tool: string }
  | { readonly code: 'unreachable'; readonly detail: string }
  | { readonly code: 'switched-off' | 'masked' | 'not-loaded' }
  | { readonly code: 'other-file'; readonly file: string }
  | { readonly code: 'refused'; readonly step: string; readonly detail: string };

/** What does not keep it from working. */
export type Note =
  | { readonly code: 'no-linger'; readonly user: string }
  | { readonly code: 'other-daemon'; readonly pid: number }
  | { readonly code: 'other-version'; readonly version: string }
  | { readonly code: 'protected-folder'; readonly folder: string }
  | { readonly code: 'temporary'; readonly program: string }
  /** launchd starts it when somebody logs in. */
  | { readonly code: 'nobody-at-the-screen' }
  /** About the daemon that the service manager runs; without a pid about one that it was asked to start. */
  | { readonly code: 'not-serving'; readonly pid: number | null };

import { shellJob } from './shell-job.ts';

/**
 * A job `slow` that is running once it hears SIGTERM, and then ends as soon as there is a file `go` in the
 * home folder: its stop takes as long as a test wants.
 */
export const stopsOnGo = (more = ''): string =>
  shellJob(
    'slow',
    `trap 'until [ -e "$HOME/go" ]; do sleep 0.02; done; exit 0' TERM; echo began; while :; do sleep 0.02; done`,
    `ready = { log = "began", interval = 0.05 }\n${more}`,
  );

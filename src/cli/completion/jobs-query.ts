/** The hidden command by which completion scripts ask for the names of jobs. */
export const JOBS_QUERY = '__jobs';

/**
 * The exit code of `overseerd` when another daemon serves the data folder, or is about to. Only the client
 * that launched it sees it.
 */
export const ANOTHER_DAEMON = 75;

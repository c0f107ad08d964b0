/**
 * The one name of Node's in the types that the page shares with the rest of overseer; Node's own types are
 * not there.
 */
declare namespace NodeJS {
  type Signals = string;
}

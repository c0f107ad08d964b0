import { Home } from './home.ts';

/** The home of the test that runs; made before each test of a file that imports it, and removed after it. */
export let home: Home;

beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

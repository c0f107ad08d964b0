import { sep } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';
import { ZONE } from './test/support/zone.mjs';

const OWN = process.env['TZ'];

/** Tests run in ZONE, but for the end-to-end ones, whose programs have the time zone of the system. */
export default class extends TestEnvironment {
  constructor(config, context) {
    // Before the test gets its copy of the environment.
    if (!context.testPath.includes(`${sep}e2e${sep}`)) process.env['TZ'] = ZONE;
    else if (OWN === undefined) delete process.env['TZ'];
    else process.env['TZ'] = OWN;
    super(config, context);
  }
}

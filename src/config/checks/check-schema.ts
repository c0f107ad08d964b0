import type { ErrorObject } from 'ajv';
import { cureFor } from './suggest-value.ts';
import { show } from './show-value.ts';
import { Place, type ConfigDocument, type WholeFloat } from '../toml/document.ts';
import type { Fragment, Reference } from '../schema/fragment.ts';
import { KEYS } from '../schema/keys.ts';
import { pathOfPointer, type Path } from '../toml/path.ts';
import { describeUnknownKey } from './unknown-key.ts';
import validate from '../schema/validate.mjs';

/** Reports what the schema refuses; nothing reads those keys afterwards. */
export function checkSchema(document: ConfigDocument): void {
  checkValues(document);
  for (const float of document.wholeFloats) checkFloat(new Place(document, float.path), float);
}

/** In JSON schema 1.0 is an integer, in TOML it is none. */
function checkFloat(place: Place, { path, value }: WholeFloat): void {
  const fragment = fragmentAt(path[0] === 'jobs' ? path.slice(2) : path.slice(1));
  const types = [fragment?.type ?? []].flat();
  if (fragment === null || !types.includes('integer') || types.includes('number')) return;
  if (place.isKeyRefused) return;
  place.report(`${place.key} must be ${fragment.description}, got a float: write ${value}`);
}

/** What the schema says of a value of a job or of `[defaults]`; null where it says nothing. */
function fragmentAt([key, ...within]: Path): Fragment | null {
  let fragment: Fragment | Reference | undefined = KEYS.find(({ name }) => name === key)?.schema;
  for (const step of within) {
    if (fragment === undefined || '$ref' in fragment) return null;
    fragment = typeof step === 'number' ? fragment.items : fragment.properties?.[step];
  }
  return fragment === undefined || '$ref' in fragment ? null : fragment;
}

function checkValues(document: ConfigDocument): void {
  if (validate(document.data)) return;
  const reported = new Set<string>();
  for (const error of validate.errors ?? []) {
    // A bad name in a table is reported twice: as `propertyNames` of the table, and as this error, which
    // lacks the place of the name.
    if (error.propertyName !== undefined) continue;
    const path = pathOfPointer(error.instancePath, document.data);
    const id = JSON.stringify([path, subjectOf(error)]);
    if (!reported.has(id)) describe(error, new Place(document, path));
    reported.add(id);
    if (path.length === 0 || (path.length === 1 && path[0] === 'jobs')) document.refuse([]);
  }
}

/**
 * A value that breaks several rules is reported once; two wrong keys of one table are reported separately.
 */
function subjectOf({ params }: ErrorObject): unknown {
  return params['additionalProperty'] ?? params['propertyName'] ?? params['missingProperty'];
}

function describe(error: ErrorObject, place: Place): void {
  if (place.document.isFull) return place.passOver();
  switch (error.keyword) {
    case 'additionalProperties':
      return describeUnknownKey(place, String(error.params['additionalProperty']), keysOf(error));
    case 'required':
      return place.report(missing(place, String(error.params['missingProperty'])), 'key');
    case 'propertyNames':
      return describeBadName(place, String(error.params['propertyName']));
    default:
      return describeBadValue(place, error.parentSchema as Fragment & object, error.data);
  }
}

const keysOf = (error: ErrorObject): readonly string[] =>
  Object.keys((error.parentSchema as Fragment & object).properties ?? {});

function missing(place: Place, key: string): string {
  return place.key === '' ? `${key} is missing: every job needs one` : `${place.key}.${key} is missing`;
}

function describeBadName(place: Place, name: string): void {
  const text =
    `${show(name)} cannot name an environment variable: expected a name without "=" and NUL that is ` +
    'not empty';
  place.at(name).report(text, 'key');
}

function describeBadValue(place: Place, schema: Fragment, data: unknown): void {
  const nul = typeof data === 'string' && data.includes('\0') ? ' with a NUL character in it' : '';
  const subject = place.key === '' ? '' : `${place.key} `;
  place.report(
    `${subject}must be ${schema.description}, got ${show(data)}${nul}${cureFor(schema, data, place.key)}`,
  );
}

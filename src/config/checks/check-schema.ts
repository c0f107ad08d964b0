import type { ErrorObject } from 'ajv';
import { cureFor } from './suggest-value.ts';
import { show } from './show-value.ts';
import { Place, type ConfigDocument } from '../toml/document.ts';
import type { Fragment } from '../schema/fragment.ts';
import { pathOfPointer } from '../toml/path.ts';
import { describeUnknownKey } from './unknown-key.ts';
import validate from '../schema/validate.mjs';

/** Reports what the schema refuses; nothing reads those keys afterwards. */
export function checkSchema(document: ConfigDocument): void {
  if (validate(document.data)) return;
  const reported = new Set<string>();
  for (const error of validate.errors ?? []) {
    // A bad name in a table comes twice: as the table's propertyNames, and as this, which lacks the name's
    // place.
    if (error.propertyName !== undefined) continue;
    const path = pathOfPointer(error.instancePath);
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

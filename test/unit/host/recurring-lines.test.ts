import { RecurringLines } from '../../../src/host/recurring-lines.ts';

let now = 0;
let said: string[] = [];
let lines: RecurringLines;
beforeEach(() => {
  now = 0;
  said = [];
  lines = new RecurringLines({ monotonic: () => now }, (line) => said.push(line));
});

test('a line is said once a minute, with how often it was not', () => {
  for (now = 0; now < 60_000; now += 1_000) lines.say('broken');
  expect(said).toEqual(['broken']);
  now = 60_000;
  lines.say('broken');
  lines.say('other');
  expect(said).toEqual(['broken', 'broken (and 59 times more before)', 'other']);
});

test('lines on one subject are the same line', () => {
  lines.say('a at 1', 'a');
  lines.say('a at 2', 'a');
  expect(said).toEqual(['a at 1']);
});

test('a line about a problem that was over and comes back is logged at once', () => {
  lines.say('broken');
  lines.forget('broken');
  lines.say('broken');
  expect(said).toEqual(['broken', 'broken']);
});

test('the oldest of very many different lines are forgotten', () => {
  for (let at = 0; at < 1_000; at += 1) lines.say(`line ${at}`);
  said = [];
  lines.say('line 999');
  lines.say('line 1');
  expect(said).toEqual(['line 1']);
});

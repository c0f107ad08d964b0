import { Together } from '../../../../src/os/darwin/together.ts';
import { CannotAsk } from '../../../../src/os/system-error.ts';

type Found = readonly { readonly pid: number }[];

test('those who ask while a question is under way are asked for together in the next one', () => {
  const asked: { readonly pids: readonly number[]; readonly done: (answer: Found | CannotAsk) => void }[] =
    [];
  const together = new Together<Found>((pids, done) => asked.push({ pids, done }));
  const heard: (readonly number[] | string)[] = [];
  const ask = (...pids: readonly number[]): void =>
    together.ask(pids, (answer) =>
      heard.push(answer instanceof CannotAsk ? 'refused' : answer.map(({ pid }) => pid)),
    );
  ask(1);
  ask(2, 3);
  ask(3, 4);
  expect(asked.map(({ pids }) => pids)).toEqual([[1]]);
  asked[0]?.done([{ pid: 1 }]);
  expect(asked.map(({ pids }) => pids)).toEqual([[1], [2, 3, 4]]);
  asked[1]?.done([{ pid: 3 }, { pid: 4 }]);
  ask(5);
  asked[2]?.done(new CannotAsk('no'));
  expect(heard).toEqual([[1], [3], [3, 4], 'refused']);
});

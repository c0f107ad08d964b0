import { problemsIn } from '../../../support/config-text.ts';

const JOB = '[[jobs]]\nname = "a"\njob_command = "x"\n';

describe('dates and times', () => {
  const DATES = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00', '2026-01-01', '07:32:00'];
  const KEYS = [
    'env = @',
    'env = { DAY = @ }',
    'backoff = @',
    'log = @',
    'ready = @',
    'description = @',
    'test_command = @',
    'test_command = { exe = @ }',
    'test_command = { exe = "x", args = [@] }',
    'watch = [@]',
    'after = [@]',
    'env_file = @',
    'env_file = [@]',
    'cwd = @',
    'umask = @',
    'schedule = @',
    'stop_timeout = @',
    'instances = @',
  ];

  it.each(KEYS)('a date or a time is refused with its own name as the type: %s', (key) => {
    for (const date of DATES) {
      const [problem = '', ...others] = problemsIn(`${JOB}${key.replace('@', date)}\n`);
      expect(others).toEqual([]);
      expect(problem).toContain(`must be`);
      expect(problem).toContain(`got the ${date.includes('-') ? 'date' : 'time'} ${date}`);
    }
  });

  it.each([
    'defaults = @',
    '[defaults]\nenv = @',
    'jobs = @',
    'jobs = [@]',
    '[[jobs]]\nname = @\njob_command = "x"',
  ])('a date in place of a table or a name is a wrong type: %s', (text) => {
    for (const date of DATES) expect(problemsIn(text.replace('@', date)).join()).toContain(date);
  });

  it('where text is expected, the date is offered in quotes', () => {
    expect(problemsIn(`${JOB}description = 1979-05-27\n`)).toEqual([
      '4:15: jobs[0] "a": description must be a string of at most 1000 characters, got the date 1979-05-27: write "1979-05-27"',
    ]);
  });
});

describe('characters that cannot be seen', () => {
  it.each([
    ['sleep\u00a01000', 6, 'U+00A0 (no-break space)'],
    ['echo\u200b hi', 5, 'U+200B (zero-width space)'],
    ['echo\u2060 hi', 5, 'U+2060 (word joiner)'],
    ['\u202aecho hi', 0, 'U+202A'],
    ['echo \u202ehi', 6, 'U+202E'],
    ['echo\ufeff hi', 5, 'U+FEFF (byte order mark)'],
    ['echo\u3000hi', 5, 'U+3000 (ideographic space)'],
    ['echo \u3164', 6, 'U+3164'],
    ['echo\u00adhi', 5, 'U+00AD (soft hyphen)'],
    ['echo \u2800', 6, 'U+2800'],
    ['echo\u0085hi', 5, 'U+0085'],
  ])('one in a command is pointed at and named: %j', (command, at, name) => {
    expect(problemsIn(`[[jobs]]\nname = "a"\njob_command = "${command}"\n`)).toEqual([
      `3:${15 + at}: jobs[0] "a": job_command: ${name} cannot be seen: write a plain space or remove it; if it is meant, put it in single quotes`,
    ]);
  });

  it('an invisible character in quotes is meant', () => {
    expect(problemsIn(`[[jobs]]\nname = "a"\njob_command = "echo 'a\u00a0b' \\"c\u200bd\\""\n`)).toEqual([]);
  });

  it('an invisible character in the name of a program is refused in a table as well', () => {
    expect(
      problemsIn(`[[jobs]]\nname = "a"\njob_command = { exe = "echo\u200b", args = ["\u00a0"] }\n`),
    ).toEqual([
      '3:23: jobs[0] "a": job_command.exe has U+200B (zero-width space) in it, which cannot be seen: remove it',
    ]);
  });

  it.each([
    'name = "a\u202e"\njob_command = "x"\nnice = 99',
    'name = "a"\njob_command = "x"\nafter = ["b\u202e"]',
    'name = "a"\njob_command = "x"\n"b\u202e" = 1',
    'name = "a"\njob_command = "x"\nenv = { "b\u202e" = 1 }',
    'name = "a"\njob_command = "x"\nready = { log = "(\u202e" }',
    'name = "a"\njob_command = "x"\nschedule = "\u202e"',
    'name = "a"\njob_command = "x"\nlog = { max_size = "\u202e" }',
    'name = "a"\njob_command = "x"\ncwd = "\u202e"',
  ])('no message has an invisible character in it: %j', (text) => {
    const said = problemsIn(`[[jobs]]\n${text}\n`);
    expect(said.length).toBeGreaterThan(0);
    expect(said.join()).not.toContain('\u202e');
  });

  it('an invisible character in any other value is made visible in the message', () => {
    expect(problemsIn(`[[jobs]]\nname = "a\u200b"\njob_command = "x"\n`).join()).toContain(
      'got "a\\u{200b}"',
    );
    expect(problemsIn(`${JOB}stop_signal = "TERM\u00a0"\n`).join()).toContain('"TERM\\u{a0}"');
    expect(problemsIn(`${JOB}restart\u00a0= "never"\n`).join()).toContain('U+00A0 (no-break space)');
  });
});

describe('names that paths write in another way', () => {
  it.each(['a/b', 'a~b', '~1', '~0/', '/', '~01', '1'])(
    'a wrong value of %j is told at its own place',
    (name) => {
      const line = `env = { A = "1", ${JSON.stringify(name)} = 5 }`;
      expect(problemsIn(`${JOB}${line}\n`)).toEqual([
        expect.stringMatching(new RegExp(`^4:${line.indexOf('5') + 1}: jobs\\[0\\] "a": env\\.`)),
      ]);
    },
  );
});

describe('words that every object knows', () => {
  const WORDS = ['toString', 'constructor', 'hasOwnProperty', '__proto__', 'valueOf', '__defineGetter__'];

  it.each(WORDS)('%s, which every object has, is an unknown key in every table', (word) => {
    for (const text of [
      `${word} = 1`,
      `[${word}]`,
      `[defaults]\n${word} = 1`,
      `${JOB}${word} = 1`,
      `${JOB}ready = { ${word} = 1, tcp = "h:1" }`,
      `${JOB}log.${word} = 1`,
      `${JOB}backoff.${word} = 1`,
    ])
      expect(problemsIn(text).join()).toMatch(new RegExp(`unknown (?:key|table) "${word}"`));
  });

  it.each(WORDS)('%s is no value of any key, and nothing throws', (word) => {
    for (const key of ['restart', 'stop_signal', 'log.rotate', 'log.max_size', 'schedule', 'umask', 'cwd'])
      expect(problemsIn(`${JOB}${key} = "${word}"`)).toHaveLength(1);
    expect(problemsIn(`${JOB}after = ["${word}"]`)).toHaveLength(1);
  });
});

describe('floats without a fraction', () => {
  it.each([
    ['instances = 1.0', 'instances', '1'],
    ['max_restarts = 1e3', 'max_restarts', '1000'],
    ['success_codes = [0, 3.0]', 'success_codes[1]', '3'],
    ['log.keep = +2.00', 'log.keep', '2'],
    ['limits = { nofile = 1_00.0 }', 'limits.nofile', '100'],
    ['alive = { tcp = "127.0.0.1:1", failures = 2.0 }', 'alive.failures', '2'],
  ])('a float is no whole number, though it has no fraction: %s', (line, key, value) => {
    const problems = problemsIn(`${JOB}${line}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${key} must be `);
    expect(problems[0]).toContain(`got a float: write ${value}`);
  });

  it('a float may stand where a number may, and text that looks like one is text', () => {
    const rest = 'start_seconds = 1.0\nstop_timeout = 1e1\nalive = { tcp = "h:80", interval = 2.0 }\n';
    expect(problemsIn(`${JOB}${rest}description = "a = 1.0"\ninstances = 2\n`)).toEqual([]);
  });

  it('a float that is also out of range is one problem', () => {
    expect(problemsIn(`${JOB}instances = -1.0\n`)).toHaveLength(1);
    expect(problemsIn(`[defaults]\nmax_restarts = 2.0\n${JOB}`).join()).toContain('[defaults]: max_restarts');
  });
});

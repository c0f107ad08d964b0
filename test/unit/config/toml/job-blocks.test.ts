import { jobBlocks } from '../../../../src/config/toml/job-blocks.ts';

describe('cutting a text where its jobs begin', () => {
  it('a text is cut at each [[jobs]] line, and nothing of it is lost', () => {
    const parts = [
      '# all\n[defaults]\nnice = 1\n\n',
      '[[jobs]] # first\nname = "a"\nargs = [\n  "[[jobs]]",\n]\n',
      '\t[[jobs]]\r\nname = "b"\n [jobs.env]\nA = "[x]"\n[[jobs.more]]\n',
      '[[jobs]]\nname = "c"',
    ];
    const [head, ...blocks] = parts;
    expect(jobBlocks(parts.join(''))).toEqual({ head, blocks });
    expect(jobBlocks('')).toEqual({ head: '', blocks: [] });
    expect(jobBlocks('[defaults]\nnice = 1\n')).toEqual({ head: '[defaults]\nnice = 1\n', blocks: [] });
  });

  it.each([
    ['a string of several lines', '[[jobs]]\nname = """\n[[jobs]]\n"""\n'],
    ['a literal string of several lines', "[[jobs]]\nname = '''\n[[jobs]]\n'''\n"],
    ['a table between jobs', '[[jobs]]\nname = "a"\n[defaults]\nnice = 1\n'],
    ['an array of arrays', '[[jobs]]\nargs = [\n["a"],\n]\n'],
    ['another spelling of the header', '[[jobs]]\nname = "a"\n[[ jobs ]]\nname = "b"\n'],
    ['a quoted header', '[[jobs]]\nname = "a"\n[["jobs"]]\nname = "b"\n'],
  ])('a text with %s is not cut', (_, text) => {
    expect(jobBlocks(text)).toBeNull();
  });

  it('only a line feed begins a line', () => {
    const text = '[[jobs]]\nname = "a" # \u2028[[jobs]]\u0085[[jobs]]\n';
    expect(jobBlocks(text)).toEqual({ head: '', blocks: [text] });
  });
});

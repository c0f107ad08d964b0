import type { Command, Values } from '../cli.ts';
import { namesOf, optionsOf, wordValuesOf, type WrittenOption } from '../argv/option-spec.ts';
import { JOBS_QUERY } from './jobs-query.ts';
import { completedOf, optionValues, valuedOptions, valuelessOptions, type Completed } from './words.ts';

/**
 * A script that completes the words of these commands in zsh, whether it is evaluated or found on `fpath`.
 */
export function zshCompletion(commands: readonly Command[]): string {
  const shown = completedOf(commands);
  return `#compdef overseer
# zsh completion for overseer: source <(overseer completion zsh)
_overseer() {
  local command='' prev='' cur=\${words[CURRENT]} i
  local -i place=0
  local -a folders options described
  for ((i = 2; i < CURRENT; i++)); do
    case \${words[i]} in
      --config|--data) folders+=("\${words[i]}" "\${(Q)words[i + 1]/#\\~/$HOME}"); ((i++)) ;;
      --config=*|--data=*|--project|--project=*) folders+=("\${words[i]}") ;;
      ${valuedOptions(shown).join('|')}) ((i++)) ;;
      -*) ;;
      *) if [[ -z $command ]]; then command=\${words[i]}; else ((place++)); fi ;;
    esac
  done
  prev=\${words[CURRENT - 1]}
  if [[ $cur == --*=* ]]; then
    prev=\${cur%%=*}
    compset -P '*='
  fi
  case $prev in
${optionValues(shown)
  .map(([written, values, isList]) => {
    const before = isList ? "[[ $cur == *,* ]] && compset -P '*,'; " : '';
    return `    ${written.join('|')}) ${before}${addWords(values)}; return ;;`;
  })
  .join('\n')}
    ${valuelessOptions(shown).join('|')}) return ;;
  esac
  case $command in
    '')
      if [[ $cur == -* ]]; then
        options=(${optionsOf({}).map(described).join(' ')})
        _describe -o option options
        return
      fi
      described=(${shown.flatMap(describedNames).join(' ')})
      _describe command described ;;
${shown.map(commandCase).join('\n')}
  esac
}
_overseer_jobs() {
  local -a jobs
  jobs=(\${(f)"$(\${~words[1]} ${JOBS_QUERY} $folders 2>/dev/null)"})
  compadd -a jobs
}
if [[ \${funcstack[1]} == _overseer ]]; then _overseer "$@"; else compdef _overseer overseer; fi
`;
}

function commandCase(command: Completed): string {
  const { each, goesOn } = wordValuesOf(command);
  const places = each.flatMap((values, at) => {
    if (values === null) return [];
    return [`${goesOn && at === each.length - 1 ? '*' : at}) ${addWords(values)} ;;`];
  });
  const words = places.length === 0 ? ':' : `case $place in ${places.join(' ')} esac`;
  return `    ${namesOf(command).join('|')})
      options=(${optionsOf(command).map(described).join(' ')})
      if [[ $cur == -* ]]; then _describe -o option options; else ${words}; fi ;;`;
}

const describedNames = (command: Completed): readonly string[] =>
  namesOf(command).map((name) => quoted(`${name}:${command.about ?? ''}`));

function described({ written, about }: WrittenOption): string {
  return written.map((word) => quoted(`${word}:${about}`)).join(' ');
}

/** A colon divides a word from what is said of it. */
function quoted(text: string): string {
  const [word = '', ...rest] = text.split(':');
  return `'${[word, rest.join('\\:')].join(':').replaceAll("'", String.raw`'\''`)}'`;
}

function addWords(values: Values): string {
  switch (values) {
    case 'jobs':
      return '_overseer_jobs';
    case 'files':
      return '_files';
    case 'folder':
      return '_files -/';
    default:
      return `compadd ${values.join(' ')}`;
  }
}

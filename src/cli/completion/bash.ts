import type { Command, Values } from '../cli.ts';
import { namesOf, optionsOf, wordValuesOf } from '../argv/option-spec.ts';
import { JOBS_QUERY } from './jobs-query.ts';
import { completedOf, optionValues, valuedOptions, valuelessOptions, type Completed } from './words.ts';

/** A script that completes the words of these commands in bash, from 3.2 on, which macOS has. */
export function bashCompletion(commands: readonly Command[]): string {
  const shown = completedOf(commands);
  return `# bash completion for overseer: eval "$(overseer completion bash)"
_overseer() {
  # Bash takes names apart at : and @, so the line is split anew, at blanks only.
  local line=\${COMP_LINE:0:COMP_POINT} cur='' prev='' command='' place=0 i
  local -a words folders
  read -r -a words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  folders=()
  for ((i = 1; i < \${#words[@]} - 1; i++)); do
    case \${words[i]} in
      --config | --data) folders+=("\${words[i]}" "\${words[i + 1]/#\\~/$HOME}"); ((i++)) ;;
      --config=* | --data=* | --project | --project=*) folders+=("\${words[i]}") ;;
      ${valuedOptions(shown).join(' | ')}) ((i++)) ;;
      -*) ;;
      *) if [[ -z $command ]]; then command=\${words[i]}; else ((place++)); fi ;;
    esac
  done
  cur=\${words[\${#words[@]} - 1]}
  ((\${#words[@]} > 2)) && prev=\${words[\${#words[@]} - 2]}
  local left=''
  case $cur in --*=*) prev=\${cur%%=*} left=$prev= cur=\${cur#*=} ;; esac
  COMPREPLY=()
  case $prev in
${optionValues(shown)
  .map(([written, values, isList]) => {
    const reply = `${isList ? '_overseer_last; ' : ''}${replyWith(values)}; _overseer_cut`;
    return `    ${written.join(' | ')}) ${reply}; return ;;`;
  })
  .join('\n')}
    ${valuelessOptions(shown).join(' | ')}) return ;;
  esac
  case $command in
    '') _overseer_options ${optionsOf({})
      .flatMap(({ written }) => written)
      .join(' ')} || ${replyWith(shown.flatMap(namesOf))} ;;
${shown.map(commandCase).join('\n')}
  esac
  _overseer_cut
}
_overseer_options() {
  [[ $cur == -* ]] && COMPREPLY=($(compgen -W "$*" -- "$cur"))
}
# Of several values only the last is completed.
_overseer_last() {
  case $cur in *,*) left=$left\${cur%,*}, cur=\${cur##*,} ;; esac
}
_overseer_jobs() {
  local names
  names=$("\${words[0]/#\\~/$HOME}" ${JOBS_QUERY} \${folders[@]+"\${folders[@]}"} 2>/dev/null)
  COMPREPLY=($(compgen -W "$names" -- "$cur"))
}
# Readline replaces only what stands after the last letter at which it breaks words.
_overseer_cut() {
  local whole=$left$cur longest='' mark i
  for mark in : @ =; do
    [[ $COMP_WORDBREAKS == *$mark* && $whole == *$mark* ]] || continue
    local upto=\${whole%"$mark"*}$mark
    ((\${#upto} > \${#longest})) && longest=$upto
  done
  for ((i = 0; i < \${#COMPREPLY[@]}; i++)); do
    COMPREPLY[i]=$left\${COMPREPLY[i]}
    COMPREPLY[i]=\${COMPREPLY[i]#"$longest"}
  done
}
complete -F _overseer overseer
`;
}

function commandCase(command: Completed): string {
  const { each, goesOn } = wordValuesOf(command);
  const places = each.flatMap((values, at) => {
    if (values === null) return [];
    return [`${goesOn && at === each.length - 1 ? '*' : at}) ${replyWith(values)} ;;`];
  });
  const words = places.length === 0 ? '' : ` case $place in ${places.join(' ')} esac`;
  const options = optionsOf(command).flatMap(({ written }) => written);
  const reply = words === '' ? ' :' : words;
  return `    ${namesOf(command).join(' | ')}) _overseer_options ${options.join(' ')} ||${reply} ;;`;
}

function replyWith(values: Values): string {
  switch (values) {
    case 'jobs':
      return '_overseer_jobs';
    case 'files':
      return 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))';
    case 'folder':
      return 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$cur"))';
    default:
      return `COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$cur"))`;
  }
}

# The first process of a container: starts the given program, forwards signals to it, and exits with its code.
# Meanwhile it reaps orphans; otherwise each of them would stay a zombie.
session=
# A key such as Ctrl-C reaches a whole session, and the program would get it twice.
if command -v setsid >/dev/null 2>&1; then session=setsid; fi
# A shell gives /dev/null to what it starts in the background.
# It may be closed, and a shell exits if it duplicates a closed descriptor.
if (: 3<&0) 2>/dev/null; then exec 3<&0; else exec 3</dev/null; fi
$session "$@" <&3 3<&- &
child=$!
exec 3<&-
for signal in HUP INT QUIT TERM USR1 USR2; do
  trap "has_signal=1; kill -s $signal $child 2>/dev/null" "$signal"
done
code=127
while :; do
  has_signal=
  wait "$child"
  status=$?
  # 127 says that it was waited for before.
  [ "$status" = 127 ] || code=$status
  # A signal ends the waiting as well.
  [ -n "$has_signal" ] || exit "$code"
done

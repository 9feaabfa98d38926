#!/bin/sh
# Called by ./elleve test, which has found the JDK and Node: the whole build with every test, and a summary of them.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
cd "$here" || exit 1
begun=$(date +%s)
find . -name surefire-reports -path '*/target/*' -not -path '*/node_modules/*' -prune -exec rm -rf {} +
# The images that hold nothing of ours are made meanwhile, in whatever time is left over: the containers' tests need them
# at the end. What goes wrong here is said there.
mkdir -p .elleve
if docker info >/dev/null 2>&1; then
  (
    until [ -f foundation/kit-test/target/classes/parts/parts.properties ]; do sleep 1; done # Maven is just fetching them
    exec nice -n 19 deploy/images/build postgres kafka keycloak azurite clamav guard
  ) >.elleve/images.log 2>&1 &
  images=$!
fi
# Two modules at once: each waits for its databases and brokers half of the time.
./mvnw -B -T 2 -fae verify "$@" 2>&1 | tee .elleve-test.log | grep --line-buffered -E \
  '^\[INFO\] Building |^\[(ERROR|WARNING)\]|Tests run:|^\[INFO\] (BUILD|Elleve)|SUCCESS|FAILURE|Skipped' || true
[ -z "${images-}" ] || kill "$images" 2>/dev/null || true
mv .elleve-test.log .elleve/test.log
if grep -q '^\[INFO\] BUILD SUCCESS' .elleve/test.log; then status=0; else status=1; fi

# One number for the whole house, from the reports themselves.
find . -path '*/target/surefire-reports/TEST-*.xml' -not -path '*/node_modules/*' -exec grep -h -m 1 '<testsuite ' {} + |
  awk '
    function field(name) { return match($0, " " name "=\"[0-9]+") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) : 0 }
    { tests += field("tests"); errors += field("errors"); failures += field("failures"); skipped += field("skipped") }
    END { printf "\nTests run: %d, Failures: %d, Errors: %d, Skipped: %d\n", tests, failures, errors, skipped }'
# A test that did not run says why.
find . -path '*/target/surefire-reports/TEST-*.xml' -not -path '*/node_modules/*' -exec grep -h -o '<skipped message="[^"]*"' {} + |
  sed 's/^<skipped message="/  skipped: /; s/"$//' | sort | uniq -c
if [ $status = 0 ]; then
  echo "All passed in $(($(date +%s) - begun)) s."
else
  echo "FAILED after $(($(date +%s) - begun)) s; the whole output is in .elleve/test.log."
fi
exit $status

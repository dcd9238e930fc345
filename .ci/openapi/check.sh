#!/usr/bin/env bash
# What others make of openapi.json: two linters, and four generators whose clients have to compile. It needs Node 20 and the .NET SDK.
# Usage: check.sh [FILE]. Without FILE it takes the golden file. It ends with the first failure.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
document=$(realpath "${1:-$here/../../Parle.Tests/Golden/openapi.json}")
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 KIOTA_CLI_TELEMETRY_OPTOUT=1 REDOCLY_TELEMETRY=off
unset RestoreLockedMode # The clients' projects have exact versions and no lock files.

# Away from the repository, whose settings are not a stranger's.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

main() {
    cd "$here"
    [ node_modules/.package-lock.json -nt package-lock.json ] || tool "npm" npm ci --ignore-scripts --no-audit --no-fund
    cp -R .config spectral.yaml typescript nswag kiota "$work"
    cp "$document" "$work/openapi.json"
    ln -s "$here/node_modules" "$work/node_modules"
    cd "$work"
    tool "redocly" node_modules/.bin/redocly lint openapi.json
    tool "spectral" node_modules/.bin/spectral lint --ruleset spectral.yaml --fail-severity warn openapi.json
    tool "openapi-typescript" node_modules/.bin/openapi-typescript openapi.json --output typescript/schema.d.ts
    tool "hey-api" node_modules/.bin/openapi-ts --input openapi.json --output typescript/heyapi
    tool "tsc, both clients" node_modules/.bin/tsc --project typescript
    tool "dotnet tools" dotnet tool restore
    tool "nswag" dotnet nswag openapi2csclient /input:openapi.json /output:nswag/Client.cs
    tool "nswag, compiled" dotnet build nswag
    tool "kiota" dotnet kiota generate --language CSharp --openapi openapi.json --output kiota/client --namespace-name ParleClient
    tool "kiota, compiled" dotnet build kiota
}

# A line for each; what it said only when it failed.
tool() {
    local name=$1 began=$SECONDS
    shift
    if ! "$@" >"$work/output" 2>&1 </dev/null; then
        tail -n 60 "$work/output"
        echo "$name: FAILED"
        exit 1
    fi
    echo "$name: ok, $((SECONDS - began)) s"
}

main

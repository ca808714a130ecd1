# One stack is one cluster: `make up STACK=staging`. PROVIDER says where the cluster comes from (embedded needs no Docker).
STACK ?= dev
PROVIDER ?= embedded
ROUNDS ?= 3
RUNS ?= 100
TIME ?= 1m
NODE := node_modules/.bin/node
ONEBRANCH := ./onebranch

.DEFAULT_GOAL := help
.PHONY: help setup toolchain up down status preview test test-changed expected fuzz e2e oracle attacks replays e2e-kind bench bench-docs screenshots docs format

help: ## show this help
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# What the toolchain is needed for: its first build begins while npm installs.
up toolchain e2e oracle attacks replays: BESIDE := node bin/first-build.js

node_modules/.package-lock.json: package.json package-lock.json
	@node bin/check-node.js
	$(BESIDE) npm ci
	@touch $@

setup: node_modules/.package-lock.json ## install the packages this checkout needs (npm ci)

toolchain: setup ## build what runs a cluster without Docker, and the renderer: 6 to 10 minutes once, for every checkout
	$(NODE) --import tsx infra/providers/embedded/toolchain/main.ts

up: setup ## bring a stack up and wait until Argo CD has synced it: make up STACK=staging PROVIDER=embedded
	$(ONEBRANCH) up $(STACK) --provider $(PROVIDER) --yes

down: setup ## remove a stack and everything it made
	$(ONEBRANCH) destroy $(STACK) --yes

status: setup ## what every running cluster has synced
	$(ONEBRANCH) status

preview: setup ## what `make up` would change
	$(ONEBRANCH) preview $(STACK) --provider $(PROVIDER)

test: setup ## lint, formatting, types and all tests that need no cluster
	$(NODE) --import tsx test/support/run.ts test

test-changed: setup ## what of it can read gitops/, in a clone in which an app, a cluster and every text of that are changed
	$(NODE) --import tsx test/support/run.ts test-changed

expected: setup ## renew all recorded texts of the tests; read the diff before you commit it
	UPDATE_EXPECTED=1 $(NODE) node_modules/.bin/mocha --no-config --require tsx --timeout 60000 $$(grep -rl 'support/recorded"' test --include='*.test.ts')

fuzz: setup ## try all readers with far more random input: make fuzz RUNS=100 TIME=5m
	FUZZ_RUNS=$(RUNS) npx mocha --no-config --require tsx 'test/fuzz/*.test.ts'
	cd renderer && grep -r '^func Fuzz' --include='*_test.go' . | sed -E 's|/[^/]*:func (Fuzz[A-Za-z]+).*| \1|' | while read -r package target; do \
		GOTOOLCHAIN=auto go test "$$package" -run '^$$' -fuzz "^$$target$$" -fuzztime $(TIME) -fuzzminimizetime 1s || exit 1; done

e2e: setup ## tests with real embedded clusters (builds the toolchain first)
	$(NODE) --import tsx test/support/run.ts e2e

oracle: setup ## compare the renderer with a running Argo CD over all trees of the tests: about 20 minutes
	ONEBRANCH_ORACLE_CASES=1000 ONEBRANCH_ORACLE_TREES=40 $(NODE) --import tsx test/support/run.ts oracle

attacks: setup ## replay every attempt of docs/reference/attacks.md on embedded clusters, or some of them: make attacks ONLY=1,92c
	ONEBRANCH_ATTACKS=$(or $(ONLY),all) $(NODE) --import tsx test/support/run.ts attacks

replays: setup ## every row and place of the replays of which make e2e does a third: about 20 minutes
	ONEBRANCH_REPLAYS=all $(NODE) --import tsx test/support/run.ts replays

e2e-kind: setup ## tests with a real kind cluster; needs Docker, see docs/kind.md
	$(NODE) --import tsx test/support/run.ts e2e-kind

bench: setup ## time a cluster, and the tool on fleets of up to 500 clusters: make bench ONLY=rings ROUNDS=1
	$(NODE) --expose-gc --import tsx test/bench/main.ts $(ONLY) --rounds $(ROUNDS)

bench-docs: setup ## the same, and docs/performance.md shows the figures
	$(NODE) --expose-gc --import tsx test/bench/main.ts $(ONLY) --rounds $(ROUNDS) --save

screenshots: setup ## take the pictures of docs/ui.md again, in Chromium
	$(NODE) --import tsx test/bench/screenshots.ts

docs: setup ## write the generated pages again: docs/reference, the figures, the settings in Pulumi.yaml
	$(NODE) --import tsx infra/settings/write-page.ts
	$(NODE) --import tsx cli/verbs/check/write-docs.ts
	$(NODE) --import tsx cli/verbs/completion/write-reference.ts
	$(NODE) --import tsx cli/tree/write-chart-pages.ts
	$(NODE) --import tsx test/bench/write-docs.ts
	$(NODE) --import tsx test/e2e/attacks/write-page.ts

format: setup ## format every file
	npx prettier --write .

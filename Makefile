# libdrives-conformance: build, test and run. `make help` lists the targets.

GO          ?= go
BIN         := bin/libdrives-conformance
# What git says of the commit; devel where there is no git, no repository or no commit.
VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
COMMIT      ?= $(shell git rev-parse HEAD 2>/dev/null)
DATE        ?= $(shell TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd 2>/dev/null)
LDFLAGS     := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT) -X main.date=$(DATE)
# Pinned, so that the same code passes or fails the same way tomorrow.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# How long each target is fuzzed.
FUZZTIME    ?= 30s

.DEFAULT_GOAL := help
.PHONY: help build run test selftest score mutate lint bench fuzz soak clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

build: ## a static binary in bin/; VERSION=v1.2.3 stamps another version
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/libdrives-conformance

run: build ## judge an endpoint, by default the embedded one: make run ARGS='--target URL --username NAME'
	$(BIN) run $(ARGS)

test: ## all tests, with the race detector (needs a C compiler)
	@echo "Tests every package with the race detector: judges the reference endpoint, sound, hostile and unlucky, ends runs in"
	@echo "every way, runs the commands of the README, and builds a module that imports the suite. A line for each package follows:"
	@echo "the two that take longest come first. It takes about five minutes on two idle cores."
	$(GO) test -race -timeout 30m ./suites ./cmd/libdrives-conformance ./...

selftest: build ## judge the reference endpoint with every fault: make selftest ARGS='--only LIC-05'
	$(BIN) selftest $(ARGS)

# A selftest that was interrupted says nothing of what it did not come to, so that its table is not published.
score: build ## selftest, and write its outcome to the table that the repository publishes
	@$(BIN) selftest --quiet --markdown bin/SCORE.md; code=$$?; \
	if [ $$code -le 1 ]; then mv bin/SCORE.md suites/selftest/SCORE.md; fi; exit $$code

mutate: ## take the assertions out of each spec; selftest must notice: make mutate ARGS='--each --only LIC-05'
	$(GO) run ./cmd/mutate $(ARGS)

lint: ## gofmt, go vet and staticcheck
	@unformatted=$$(gofmt -l cmd fixtures reports schema suites) && \
	if [ -n "$$unformatted" ]; then echo "gofmt -w is due for:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

NEWMAN      := 6.2.2

bench: ## benchmarks, and the table of suites/BENCH.md: about half an hour, on a machine that does nothing else
	$(GO) test -run '^$$' -bench . -benchmem ./...
	@npm install --silent --no-audit --no-fund --prefix bin/newman newman@$(NEWMAN) || echo "Newman $(NEWMAN) can't be installed: it is left out"
	CONFORMANCE_BENCH=$(CURDIR)/suites/BENCH.md CONFORMANCE_BENCH_NEWMAN=$(CURDIR)/bin/newman/node_modules/.bin/newman \
	$(GO) test -count=1 -timeout 3h -run '^TestTheBenchTable$$' -v ./cmd/libdrives-conformance

# go test fuzzes one target at a time.
fuzz: ## feed what reads foreign bytes with more of them: make fuzz FUZZTIME=5m
	@set -e; for file in $$(git ls-files '*fuzz_test.go'); do \
	for target in $$(sed -n 's/^func \(Fuzz[A-Za-z]*\)(.*/\1/p' $$file); do \
	$(GO) test ./$$(dirname $$file) -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME); done; done

# What has a long form asks for CONFORMANCE_SOAK.
SOAK := TestNothingOfAnothers|TestNoAnswerMakes|TestACleanup|TestACleanUpNeeds|TestBadLuck|TestWhateverIsSent|TestVerdictsDoNotDepend|TestAnInterruptedRun|TestEveryRequirementSays|TestAKilledRun|TestMaterialThatCannotBeRead|TestPagesAreAsked|TestBasicAndDigest|TestNoFaultLeaves|TestEveryFaultCanBeSeen|TestEveryVariantCanBeSeen|TestNoBehaviourIsWrong|TestALostAnswer|TestCleanupFinishes

soak: ## the long forms of tests: every hostile endpoint, kill, fault and odd password; an hour and more
	CONFORMANCE_SOAK=1 $(GO) test -count=1 -timeout 4h -run '$(SOAK)' ./suites ./suites/account ./fixtures ./fixtures/hostile ./cmd/libdrives-conformance

clean: ## remove what build made
	rm -rf bin

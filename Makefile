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
ACTIONLINT  := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
GORELEASER  := github.com/goreleaser/goreleaser/v2@v2.15.1

# Where make install puts things; DESTDIR is put before it, as a packager needs it.
PREFIX      ?= /usr/local

# How long each target is fuzzed.
FUZZTIME    ?= 30s

.DEFAULT_GOAL := help
.PHONY: help build install uninstall run test selftest generated score mutate lint bench fuzz soak contracts docs manifests fleet release test-release clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

build: ## a static binary in bin/; VERSION=v1.2.3 stamps another version
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/libdrives-conformance

# Each of these is also in the packages that make release makes.
INSTALLED = $(DESTDIR)$(PREFIX)/bin/libdrives-conformance \
	$(DESTDIR)$(PREFIX)/share/man/man1/libdrives-conformance*.1 \
	$(DESTDIR)$(PREFIX)/share/bash-completion/completions/libdrives-conformance \
	$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_libdrives-conformance \
	$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/libdrives-conformance.fish

install: build bin/packaging ## the program, its manual and completions, below PREFIX (/usr/local)
	install -d $(sort $(dir $(INSTALLED)))
	install -m 0755 $(BIN) $(DESTDIR)$(PREFIX)/bin/libdrives-conformance
	install -m 0644 bin/packaging/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 0644 bin/packaging/completions/libdrives-conformance.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/libdrives-conformance
	install -m 0644 bin/packaging/completions/_libdrives-conformance $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	install -m 0644 bin/packaging/completions/libdrives-conformance.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d

uninstall: ## remove what make install put below PREFIX
	rm -f $(INSTALLED)

# Made anew each time: it depends on every command and flag.
.PHONY: bin/packaging
bin/packaging:
	SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null || echo 0)} $(GO) run -tags packaging ./cmd/libdrives-conformance bin/packaging

run: build ## judge an endpoint, by default the embedded one: make run ARGS='--target URL --username NAME'
	$(BIN) run $(ARGS)

MODULE      := github.com/libdrives/conformance

# The race detector makes tests five times as long. It is for packages that do things at the same time: those that start goroutines or
# hold locks, and ./suites, which tests whole runs. The tests of cmd/libdrives-conformance start the program as it is shipped.
RACED = $(addprefix $(MODULE)/,suites $(shell grep -rlE --include='*.go' --exclude='*_test.go' '^[[:space:]]*go |sync[.]|atomic[.]' cmd/fleet cmd/process fixtures reports suites | xargs dirname | sort -u))
UNRACED = $(filter-out $(RACED),$(shell $(GO) list ./...))

# Of those packages, tests that begin with testing.Short() are run without the race detector: they repeat a thing for many inputs.
LONG_FILES = $(shell grep -rl --include='*_test.go' 'testing[.]Short()' $(patsubst $(MODULE)/%,%,$(RACED)) | sort -u)
LONG = $(shell grep -hA1 '^func Test' $(LONG_FILES) | sed -n '/^func Test/{N;s/^func \(Test[A-Za-z0-9]*\).*testing[.]Short().*/\1/p;}' | sort -u | paste -sd '|' -)

# Without what only debuggers read, a test binary is linked in half the time. make lint is what vets.
TESTED := -vet=off -ldflags='-s -w' -timeout 30m

test: ## all tests, with the race detector (which needs a C compiler) where things happen at the same time
	@echo "Tests every package: judges the reference endpoint, sound, hostile and unlucky, ends runs in every way, runs the commands"
	@echo "of the README, and builds a module that imports the suite. It takes about four minutes on two idle cores. A line for each package"
	@echo "follows. Those that do things at the same time are tested with the race detector, and their longest tests without it:"
	@echo "such packages have two lines."
	@$(MAKE) --no-print-directory --keep-going --jobs=2 test-raced test-unraced test-long

# Side by side, so that no core is idle while the longest package of one of them ends, and each to its end, so that a failure of one
# hides nothing of the others.
.PHONY: test-raced test-unraced test-long
test-raced:
	@$(GO) test $(TESTED) -race -short $(RACED)

test-unraced:
	@$(GO) test $(TESTED) $(MODULE)/cmd/libdrives-conformance $(UNRACED)

test-long:
	@$(GO) test $(TESTED) -run '^($(LONG))$$' $(addprefix ./,$(sort $(dir $(LONG_FILES))))

selftest: build ## judge the reference endpoint with every fault: make selftest ARGS='--only LIC-05'
	$(BIN) selftest $(ARGS)

generated: build ## judge the reference endpoint with faults made by code: make generated ARGS='--sample 300 --seed 7'
	$(BIN) selftest --generated $(ARGS)

# How many of the generated faults are judged for the published score.
SCORE_SAMPLE ?= 5000

# A selftest that was interrupted says nothing of what it did not come to, so that its table is not published. Survivors among the
# generated faults are published by their names, and fail nothing.
score: build ## selftest, and write its outcome to the table that the repository publishes
	@$(BIN) selftest --quiet --markdown bin/SCORE.md; code=$$?; [ $$code -le 1 ] || exit $$code; \
	$(BIN) selftest --generated --quiet --sample $(SCORE_SAMPLE) --seed 1 --markdown bin/GENERATED.md; made=$$?; [ $$made -le 1 ] || exit $$made; \
	{ cat bin/SCORE.md; echo; cat bin/GENERATED.md; } > suites/selftest/SCORE.md; exit $$code

mutate: ## take the assertions out of each spec; selftest must notice: make mutate ARGS='--each --only LIC-05'
	$(GO) run ./cmd/mutate $(ARGS)

lint: ## gofmt, go vet, staticcheck, and actionlint for the workflows
	@unformatted=$$(gofmt -l cmd fixtures reports schema suites) && \
	if [ -n "$$unformatted" ]; then echo "gofmt -w is due for:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) vet -tags packaging ./cmd/libdrives-conformance
	$(GO) run $(STATICCHECK) ./...
	$(GO) run $(ACTIONLINT) .github/workflows/*.yml
	sed -n '/^# .github.workflows/,/^```/{/^```/d;p}' .github/docs/ci.md | $(GO) run $(ACTIONLINT) -

NEWMAN      := 6.2.2

bench: ## benchmarks, and the table of suites/BENCH.md: about half an hour, on a machine that does nothing else
	$(GO) test -run '^$$' -bench . -benchmem ./...
	@npm install --silent --no-audit --no-fund --prefix bin/newman newman@$(NEWMAN) || echo "Newman $(NEWMAN) can't be installed: it is left out"
	CONFORMANCE_BENCH=$(CURDIR)/suites/BENCH.md CONFORMANCE_BENCH_NEWMAN=$(CURDIR)/bin/newman/node_modules/.bin/newman \
	$(GO) test -count=1 -timeout 3h -run '^TestTheBenchTable$$' -v ./cmd/libdrives-conformance

# go test fuzzes one target at a time.
fuzz: ## feed what reads foreign bytes with more of them: make fuzz FUZZTIME=5m
	@set -e; for file in $$(grep -rl --include='*_test.go' '^func Fuzz' cmd fixtures reports schema suites | sort); do \
	for target in $$(sed -n 's/^func \(Fuzz[A-Za-z]*\)(.*/\1/p' $$file); do \
	$(GO) test ./$$(dirname $$file) -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME); done; done

# What has a long form asks for CONFORMANCE_SOAK.
SOAK := TestNothingOfAnothers|TestRunsInARow|TestNoAnswerMakes|TestACleanup|TestACleanUpNeeds|TestBadLuck|TestWhateverIsSent|TestVerdictsDoNotDepend|TestAnInterruptedRun|TestEveryRequirementSays|TestAKilledRun|TestMaterialThatCannotBeRead|TestPagesAreAsked|TestBasicAndDigest|TestNoFaultLeaves|TestEachOperatorChanges|TestThereAreFiveThousand|TestEveryVariantCanBeSeen|TestNoBehaviourIsWrong|TestALostAnswer|TestARecordIsJudgedAsTheRunWas|TestCleanupFinishes|TestAnAssertionThatIsTakenOut

soak: ## the long forms of tests: every hostile endpoint, kill, fault and odd password; an hour and more
	CONFORMANCE_SOAK=1 $(GO) test -count=1 -timeout 4h -run '$(SOAK)' ./suites ./suites/account ./fixtures ./fixtures/generated ./fixtures/hostile ./cmd/libdrives-conformance ./cmd/mutate

contracts: ## write what others build on as it is now, once CHANGELOG.md says what changed
	CONFORMANCE_UPDATE_CONTRACTS=1 $(GO) test -count=1 -run '^TestContracts$$' ./cmd/libdrives-conformance

# GoReleaser asks git where the repository is at home, and knows no commit where git can't say. It is not asked anything.
HOME_OF_REPOSITORY := GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=remote.origin.url GIT_CONFIG_VALUE_0=https://github.com/libdrives/conformance

docs: ## write the pages of .github/docs from the topics of help and the catalogue
	CONFORMANCE_UPDATE_DOCS=1 $(GO) test -count=1 -run '^TestThePagesAreTheTopics$$' ./cmd/libdrives-conformance

manifests: ## have the manifests for Kubernetes taken by the types of its API; fetches them
	cd .release/kubernetes && $(GO) test -count=1 ./...

FLEET       ?= 10,100,1000

fleet: ## judge fleets of reference endpoints, and say time and memory: make fleet FLEET=10,100
	CONFORMANCE_FLEET=$(FLEET) $(GO) test -count=1 -timeout 4h -v -run '^TestFleetsOfManyEndpoints$$' ./cmd/libdrives-conformance

# The commit of a tag is released as the version of the tag, every other commit as a snapshot of its own.
release: ## archives, packages, images, SBOMs and their sums, in bin/release and bin/images; publishes nothing
	@snapshot=$$(git describe --exact-match --tags --match 'v*' HEAD >/dev/null 2>&1 || echo --snapshot); set -x; \
	$(HOME_OF_REPOSITORY) $(GO) run $(GORELEASER) release --clean --skip=publish,announce $$snapshot

test-release: ## build the release twice and compare, install the package, unpack the image; as root, on Debian
	CONFORMANCE_RELEASE=1 $(GO) test -count=1 -timeout 2h -v -run '^TestRelease' ./cmd/libdrives-conformance

clean: ## remove what build made
	rm -rf bin

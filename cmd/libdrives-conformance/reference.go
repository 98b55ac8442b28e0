package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/cmd/process"
	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites/requirement"
)

const referenceLong = `Serves the reference endpoint until it is stopped with Ctrl-C or another signal: an implementation of the API that behaves as
documented, with a library made up for the purpose. It is there to try clients, and this suite, against.

--library FILE serves a library of your own in its place: the JSON of a list of library drives (the answer to
GET /libdrives/?limit=0, or an array of drives alone), or a record that run --record wrote. What a drive lacks is served as
null or empty. Its jobs and servers, and fields that are not documented, are left out; its status is mounted or unmounted. A
file with a drive that could not be served as documented is refused.

A fault makes it deviate from the documentation in one respect; a variant makes it do something unusual that the
documentation allows.

Exit codes: 0 stopped, 2 wrong usage, a library that can't be served, or an address that can't be listened on.`

const referenceExample = `  libdrives-conformance reference
  libdrives-conformance reference --listen 127.0.0.1:8080 --drives 5000 --latency 20ms --verbose
  libdrives-conformance reference --library libdrives.json
  libdrives-conformance reference --list-faults
  libdrives-conformance reference --fault owner-missing-through-drives`

func newReference(c console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "reference [flags]",
		Short:   "Serve the reference endpoint",
		Long:    referenceLong,
		Example: referenceExample,
		Args:    noArguments("reference takes flags only"),
	}
	cmd.Flags().SortFlags = false
	listen := cmd.Flags().String("listen", "127.0.0.1:0", "`ADDRESS` to serve on, host:port; port 0 takes a free one")
	variants := cmd.Flags().StringSlice("variant", nil, "switch a variant on, by `NAME`; may be repeated, or comma-separated")
	shape := settings.BindReference(cmd.Flags())
	list := cmd.Flags().Bool("list-faults", false, "list the faults and variants, and serve nothing")
	quiet := cmd.Flags().Bool("quiet", false, "print the URL only")
	verbose := cmd.Flags().Bool("verbose", false, "log each request to stderr")
	completeChoices(cmd, settings.Choices())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *list {
			return failed(listFaults(cmd.OutOrStdout()))
		}
		if *quiet && *verbose {
			return errors.New("--quiet and --verbose contradict each other: leave one of them out")
		}
		s, err := shape.Load(nil)
		if err != nil {
			return err
		}
		known := slices.Sorted(slices.Values(variantNames()))
		for _, name := range *variants {
			if slices.Contains(known, name) {
				continue
			}
			return fmt.Errorf("--variant: %w", &requirement.UnknownNameError{Kind: "variant", Name: name, Nearest: requirement.Nearest(name, known), Hint: "--list-faults shows them"})
		}
		options := s.Config.Reference
		options.Listen, options.Variants = *listen, *variants
		if *verbose {
			options.Log = c.stderr
		}
		for _, warning := range s.Warnings {
			_, _ = fmt.Fprintf(c.stderr, "warning: %s\n", warning)
		}
		return serve(cmd.Context(), cmd.OutOrStdout(), options, *quiet)
	}
	return cmd
}

func variantNames() []string {
	var names []string
	for _, variant := range fixtures.Variants() {
		names = append(names, variant.Name)
	}
	return names
}

// serve runs the endpoint until a signal stops it.
func serve(ctx context.Context, stdout io.Writer, options fixtures.Options, quiet bool) error {
	// Before the first line is printed: whoever read it may already send the signal.
	ctx, stop := signal.NotifyContext(ctx, process.EndingSignals()...)
	defer stop()
	process.CollectSeldom(os.Environ())
	endpoint, err := fixtures.Start(options)
	if err != nil {
		message := strings.TrimPrefix(err.Error(), "fixtures: ")
		if strings.HasPrefix(message, "can't listen") {
			message = "--listen: " + message
		}
		return errors.New(message)
	}
	// Requests that are still on their way when it is stopped are of no interest to anybody.
	defer func() { _ = endpoint.Close() }()
	introduction := endpoint.URL() + "\n"
	if !quiet {
		introduction = introduce(endpoint.URL(), options)
	}
	if _, err := io.WriteString(stdout, introduction); err != nil {
		return failed(err)
	}
	<-ctx.Done()
	return nil
}

func introduce(url string, options fixtures.Options) string {
	var b strings.Builder
	fmt.Fprintf(&b, "URL       %s\n", url)
	fmt.Fprintf(&b, "username  %s\n", fixtures.DefaultUsername)
	fmt.Fprintf(&b, "password  %s\n", fixtures.DefaultPassword)
	if options.Own != nil {
		drives, _ := options.Own.Drives()
		fmt.Fprintf(&b, "library   %d drives of your own\n", drives)
	}
	if len(options.Faults) > 0 {
		fmt.Fprintf(&b, "faults    %s\n", strings.Join(options.Faults, ", "))
	}
	if len(options.Variants) > 0 {
		fmt.Fprintf(&b, "variants  %s\n", strings.Join(options.Variants, ", "))
	}
	fmt.Fprintf(&b, "\nJudge it from another shell:\n  LIBDRIVES_PASSWORD='%s' %s run --target %s --username %s --profile full\n\nCtrl-C stops it.\n",
		fixtures.DefaultPassword, program, url, fixtures.DefaultUsername)
	return b.String()
}

func listFaults(w io.Writer) error {
	var b strings.Builder
	b.WriteString("Faults: each breaks the requirements named\n")
	for _, fault := range fixtures.Faults() {
		fmt.Fprintf(&b, "\n  %s  (%s)\n      %s\n", fault.Name, strings.Join(fault.Breaks, ", "), fault.Why)
	}
	b.WriteString("\nVariants: unusual, but allowed\n")
	for _, variant := range fixtures.Variants() {
		fmt.Fprintf(&b, "\n  %s\n      %s\n", variant.Name, variant.Why)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

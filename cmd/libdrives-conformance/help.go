package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/libdrives/conformance/cmd/settings"
)

// helpWidth is where the lines of help are wrapped.
const helpWidth = 110

// newHelp replaces cobra's own command, which answers an unknown name with exit code 0.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:       "help [COMMAND|TOPIC]",
		Short:     "Say what a command does and which flags it takes, or what a topic is about",
		ValidArgs: topicNames(),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("unexpected argument %q: help takes the name of one command or topic", args[1])
			}
			root := cmd.Root()
			if len(args) == 0 {
				root.InitDefaultHelpFlag()
				return root.Help()
			}
			for _, command := range root.Commands() {
				if command.Name() == args[0] {
					command.InitDefaultHelpFlag()
					return command.Help()
				}
			}
			if slices.Contains(topicNames(), args[0]) {
				return failed(writeTopic(cmd.OutOrStdout(), args[0]))
			}
			return unknownCommand(root, args[0], topicNames()...)
		},
	}
}

// writeUsage writes what follows a command's description in its help: how it is called, examples, subcommands, and its
// flags in their groups.
func writeUsage(cmd *cobra.Command) error {
	var b strings.Builder
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "Usage:\n  %s COMMAND [flags]\n", cmd.CommandPath())
	} else {
		fmt.Fprintf(&b, "Usage:\n  %s\n", cmd.UseLine())
	}
	if cmd.HasExample() {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\nCommands:\n")
		for _, sub := range cmd.Commands() {
			fmt.Fprintf(&b, "  %-12s %s\n", sub.Name(), sub.Short)
		}
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\nTopics:\n")
		for _, t := range topics() {
			fmt.Fprintf(&b, "  %-12s %s\n", t.name, t.about)
		}
	}
	writeFlags(&b, cmd.Flags())
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n%s help COMMAND or help TOPIC says more of each.\n", cmd.CommandPath())
	}
	_, err := fmt.Fprint(cmd.OutOrStderr(), b.String())
	return err
}

// writeFlags writes the flags by group; those that belong to none stand last.
func writeFlags(b *strings.Builder, all *pflag.FlagSet) {
	groups := map[string]*pflag.FlagSet{}
	all.VisitAll(func(f *pflag.Flag) {
		title := settings.General
		if named := f.Annotations[settings.GroupAnnotation]; len(named) > 0 {
			title = named[0]
		}
		if groups[title] == nil {
			groups[title] = pflag.NewFlagSet(title, pflag.ContinueOnError)
			groups[title].SortFlags = false
		}
		groups[title].AddFlag(f)
	})
	for _, title := range settings.Groups() {
		if group := groups[title]; group != nil {
			heading := title
			if len(groups) == 1 {
				heading = "Flags"
			}
			fmt.Fprintf(b, "\n%s:\n%s", heading, group.FlagUsagesWrapped(helpWidth))
		}
	}
}

// completeChoices lets the shell complete the values of flags that have a fixed set of them.
func completeChoices(cmd *cobra.Command, choices map[string][]string) {
	for name, values := range choices {
		if cmd.Flags().Lookup(name) != nil {
			files := cobra.ShellCompDirectiveNoFileComp
			if strings.Contains(cmd.Flags().Lookup(name).Value.Type(), "FILE") {
				files = cobra.ShellCompDirectiveDefault
			}
			// It fails for a flag that does not exist only.
			_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, files))
		}
	}
}

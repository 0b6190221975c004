package com.pantherkolab.local.history;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// The checker as a command.
public final class CheckHistory {
    static final String HELP = """
            usage: check-history FILE...

            Checks recorded histories (docs/history.md) against what the contract promises, and prints what it found.

            exit code  0  nothing is broken
                       1  something is broken
                       2  wrong usage, or a file that is no history
            """;

    private CheckHistory() {}

    /// Checks the files and ends the process.
    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    static int run(List<String> args, PrintStream out, PrintStream err) {
        if (args.contains("--help") || args.contains("-h")) {
            out.print(HELP);
            return 0;
        }
        if (args.isEmpty() || args.stream().anyMatch(arg -> arg.startsWith("-"))) {
            err.print(HELP);
            return 2;
        }
        int code = 0;
        for (String file : args) {
            try {
                Report report = HistoryChecker.check(History.read(Path.of(file)));
                out.printf("%s: %s%n%s", file, report.isClean() ? "sound" : "BROKEN", report.text());
                code = Math.max(code, report.isClean() ? 0 : 1);
            } catch (NoSuchFileException _) {
                err.printf("%s: there is no such file%n", file);
                return 2;
            } catch (IOException | UnreadableHistoryException unreadable) {
                err.printf("%s: %s%n", file, unreadable.getMessage());
                return 2;
            }
        }
        return code;
    }
}

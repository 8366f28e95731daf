package io.bulwark.localstack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The command line behind {@code ./bulwark}. */
public final class Main {
    private final StackPlan plan;

    private Main(StackPlan plan) {
        this.plan = plan;
    }

    public static void main(String[] arguments) {
        int status;
        try {
            var plan = LocalStack.plan(Path.of(System.getProperty("bulwark.root", "")))
                    .progress(System.out::println);
            status = new Main(plan).run(new Options(arguments));
        } catch (StackFailure e) {
            System.err.println(e.getMessage());
            status = 1;
        }
        Runtime.getRuntime().exit(status);
    }

    private int run(Options options) {
        return switch (options.command()) {
            case "up" -> up(options);
            case "supervise" -> supervise(options.flag("--fresh"), false);
            case "down" -> down(options);
            case "status" -> status(options);
            case "token" -> token(options);
            case "events" -> events(options);
            default ->
                throw new StackFailure("There is no command " + options.command()
                        + "; there are up, down, status, token, events, test and bench");
        };
    }

    private int up(Options options) {
        var detached = options.flag("-d");
        var fresh = options.flag("--fresh");
        options.requireAllRead();
        if (detached) {
            return new Detached(plan.home()).up(fresh ? List.of("--fresh") : List.of(), System.out) ? 0 : 1;
        }
        return supervise(fresh, true);
    }

    private int supervise(boolean fresh, boolean showFirstAdmin) {
        var supervisor = new Supervisor(plan, System.out);
        StackFailure failure;
        try {
            failure = supervisor.run(fresh, showFirstAdmin);
        } catch (StackFailure e) {
            failure = e;
        }
        if (!supervisor.told()) {
            System.err.println(failure.getMessage());
        }
        return 1;
    }

    private int down(Options options) {
        options.requireAllRead();
        System.out.println(Supervisor.down(plan.home()) ? "Bulwark is stopped." : "Bulwark is not running.");
        return 0;
    }

    private int status(Options options) {
        options.requireAllRead();
        var state = StackState.find(plan.home())
                .filter(known -> known.processes().values().stream()
                        .anyMatch(process -> process.handle().isPresent()));
        if (state.isEmpty()) {
            System.out.println("Bulwark is not running.");
            return 1;
        }
        return Summary.printStatus(System.out, state.get()) ? 0 : 1;
    }

    private int token(Options options) {
        var role = options.value("--role");
        var client = options.value("--client");
        options.requireAllRead();
        if (role.isPresent() && client.isPresent()) {
            throw new StackFailure("Say --role or --client, not both");
        }
        var name = client.orElseGet(() -> ClientTokens.nameOf(role.orElse("admin")));
        System.out.println(ClientTokens.fetch(existing(), name));
        return 0;
    }

    private int events(Options options) {
        var topic = options.value("--topic");
        var fromBeginning = options.flag("--from-beginning");
        options.requireAllRead();
        if (topic.isPresent() && !EventFeed.topics().contains(topic.get())) {
            throw new StackFailure(
                    "No topic is called " + topic.get() + "; there are " + String.join(", ", EventFeed.topics()));
        }
        var topics = topic.map(List::of).orElseGet(EventFeed::topics);
        var kafka = new KafkaAccess(existing());
        if (!kafka.listens()) {
            throw new StackFailure(
                    "Kafka does not answer at " + kafka.bootstrapServers() + ": start it with ./bulwark up");
        }
        new EventFeed(kafka, System.out).follow(topics, fromBeginning);
        return 0;
    }

    private StackState existing() {
        return StackState.find(plan.home())
                .orElseThrow(() -> new StackFailure("Nothing was ever started in " + plan.home() + ": ./bulwark up"));
    }

    /** The arguments; what nobody asked for is an error, not a surprise. */
    private static final class Options {
        private final List<String> unread;
        private final String command;

        Options(String[] arguments) {
            unread = new ArrayList<>(List.of(arguments));
            command = unread.isEmpty() ? "" : unread.removeFirst();
        }

        String command() {
            return command;
        }

        boolean flag(String name) {
            return unread.remove(name);
        }

        Optional<String> value(String name) {
            var at = unread.indexOf(name);
            if (at < 0) {
                return Optional.empty();
            }
            if (at + 1 == unread.size()) {
                throw new StackFailure(name + " needs a value");
            }
            unread.remove(at);
            return Optional.of(unread.remove(at));
        }

        void requireAllRead() {
            if (!unread.isEmpty()) {
                throw new StackFailure("./bulwark " + command + " does not know " + String.join(" ", unread));
            }
        }
    }
}

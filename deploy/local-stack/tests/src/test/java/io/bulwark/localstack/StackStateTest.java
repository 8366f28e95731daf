package io.bulwark.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StackStateTest {
    @TempDir
    Path home;

    @Test
    void secretsStayTheSameAcrossRuns() {
        var first = StackState.open(home).secret("kafka/auth-service");

        assertThat(StackState.open(home).secret("kafka/auth-service"))
                .isEqualTo(first)
                .hasSize(32);
    }

    @Test
    void idThatWentToAnotherProcessAfterAPowerOffIsNotOurs() {
        var self = ProcessHandle.current();
        var ours = StackState.Running.of(self);
        var before = new StackState.Running(self.pid(), ours.startedAt() + "0");

        assertThat(ours.handle()).contains(self);
        assertThat(before.handle()).isEmpty();
    }

    @Test
    void processIsKnownWhileItLivesWhateverItsName() throws Exception {
        var program = Files.copy(Path.of("/bin/sleep"), home.resolve("moon) 7 (S"));
        var process = new ProcessBuilder(program.toString(), "60").start();
        var noted = StackState.Running.of(process.toHandle());

        assertThat(noted.handle()).contains(process.toHandle());
        process.destroyForcibly().waitFor();
        assertThat(noted.handle()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void processIsKnownByWhatACorrectionOfTheClockLeavesAlone() {
        var started = StackState.Running.of(ProcessHandle.current()).startedAt();

        assertThat(started).matches("[0-9a-f-]{36}/[0-9]+");
    }

    @Test
    void stackThatIsBeingStoppedStartsNothing() {
        var state = StackState.open(home);
        state.refuseStarts();

        assertThatThrownBy(() -> ManagedProcess.start(state, "late", List.of("sleep", "60"), Map.of()))
                .hasMessageContaining("the stack is being stopped");
    }

    @Test
    void whoseStateIsDamagedIsAdvisedToStartOver() throws Exception {
        Files.writeString(home.resolve("state.json"), "{");

        assertThatThrownBy(() -> StackState.open(home)).hasMessageContaining("--fresh starts over");
    }

    @Test
    void stateThatCannotBeReadMayBeWholeSoNobodyIsAdvisedToForgetIt() throws Exception {
        Files.createDirectory(home.resolve("state.json"));

        assertThatThrownBy(() -> StackState.open(home)).hasMessageMatching("Cannot read .*state\\.json: .*");
        assertThatThrownBy(() -> StackState.salvage(home)).hasMessageStartingWith("Cannot read ");
    }

    @Test
    void processThatDiesIsShownWithTheLastLinesOfItsLog() {
        var state = StackState.open(home);
        var command = List.of("sh", "-c", "echo 'cannot find the moon'; printf '\\tat io.Frame(Moon.java)\\n'; exit 3");
        var process = ManagedProcess.start(state, "moon", command, Map.of());

        assertThatThrownBy(() -> process.awaitReady(Duration.ofSeconds(10), () -> false))
                .hasMessageStartingWith("moon ended with exit code 3")
                .hasMessageContaining("cannot find the moon")
                .message()
                .satisfies(text -> assertThat(text).doesNotContain("Moon.java"));
        assertThat(state.processes()).isEmpty();
    }
}

package io.bulwark.kit.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.events.Topic;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChannelTopicsTest {
    @ParameterizedTest
    @EnumSource
    void channelConsumesWhatItsTopicIsCalledHere(Topic topic) {
        var config = config().withDefaultValue("bulwark.topic." + topic.topicName(), "${prefix}renamed")
                .withDefaultValue("prefix", "shop.")
                .build();

        assertThat(topicOf(topic, config)).hasValue("shop.renamed");
        assertThat(new TopicNames(config).of(topic)).isEqualTo("shop.renamed");
    }

    @ParameterizedTest
    @EnumSource
    void topicWithItsOwnNameNeedsNoSetting(Topic topic) {
        var config = config().build();

        assertThat(topicOf(topic, config)).isEmpty();
        assertThat(config.getPropertyNames())
                .as("or each service would have all of the channels")
                .noneMatch(name -> name.startsWith("mp.messaging.incoming."));
    }

    /** What the connector asks for; where there is nothing it takes the channel's name, which is the topic's own. */
    private static Optional<String> topicOf(Topic topic, SmallRyeConfig config) {
        return config.getOptionalValue("mp.messaging.incoming." + topic.topicName() + ".topic", String.class);
    }

    private static SmallRyeConfigBuilder config() {
        return new SmallRyeConfigBuilder().addDefaultInterceptors().addDiscoveredInterceptors();
    }
}

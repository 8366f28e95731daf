package io.bulwark.kit.topic;

import io.smallrye.config.FallbackConfigSourceInterceptor;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;

/**
 * Lets a channel consume the topic that has its name, whatever that topic is called here. A line of configuration per
 * topic would not do: each service would have all of the channels.
 */
@Priority(Priorities.LIBRARY + 600) // before expressions are expanded, so that a name may be one
public final class ChannelTopics extends FallbackConfigSourceInterceptor {
    private static final long serialVersionUID = 1L;
    private static final String CHANNEL = "mp.messaging.incoming.";
    private static final String TOPIC = ".topic";

    public ChannelTopics() {
        super(ChannelTopics::configured);
    }

    private static String configured(String setting) {
        return setting.startsWith(CHANNEL) && setting.endsWith(TOPIC)
                ? TopicNames.setting(setting.substring(CHANNEL.length(), setting.length() - TOPIC.length()))
                : setting;
    }
}

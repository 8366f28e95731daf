package io.bulwark.backup.tool;

import java.util.regex.Pattern;

/** Makes a line that a tool printed fit for records, events and logs. */
final class Redaction {
    private static final int MAX_LENGTH = 300;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");
    private static final Pattern PASSWORD_SETTING = Pattern.compile("(?i)(pass(?:word|phrase)?\\s*[=:]\\s*)\\S+");
    private static final Pattern URI_CREDENTIAL = Pattern.compile("://[^/@\\s]*@");

    private Redaction() {}

    static String line(String printed, String secret) {
        var line = CONTROL.matcher(printed).replaceAll(" ").strip();
        if (!secret.isEmpty()) {
            line = line.replace(secret, "***");
        }
        line = PASSWORD_SETTING.matcher(line).replaceAll("$1***");
        line = URI_CREDENTIAL.matcher(line).replaceAll("://***@");
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH);
    }
}

package io.bulwark.ratelimit.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class ExportResourceTest {
    @ParameterizedTest
    @ValueSource(strings = {"csv", "json"})
    void whatIsExportedIsImportedAsItWas(String format) {
        var application = "round-trip-" + format;
        Imports.place("application/json", "?duration=P1D&application=" + application, """
                [{"target": "203.0.113.9", "reason": "=HYPERLINK(\\"http://evil\\")", "endpoint": "login"},
                 {"target": "203.0.113.9", "reason": "a \\"quoted\\", word"},
                 {"target": "2001:db8::/40", "reason": "'@quoted", "remediation": "captcha"},
                 {"target": "198.51.100.0/24", "reason": "größer"}]""");
        var exported = export(format, application);

        Imports.place(format.equals("csv") ? "text/csv" : "application/json", "", exported)
                .body("refused", equalTo(0))
                .body("placed", equalTo(0))
                .body("unchanged", equalTo(4));
        var elsewhere = exported.replace(application, application + "-2");
        Imports.place(format.equals("csv") ? "text/csv" : "application/json", "", elsewhere)
                .body("placed", equalTo(4));

        assertThat(export(format, application + "-2")).isEqualTo(elsewhere);
    }

    @Test
    void aPlainListNamesEachTargetOnceInOrder() {
        Imports.place("application/json", "?reason=x&duration=P1D&application=plain-export", """
                [{"target": "203.0.113.10"}, {"target": "203.0.113.9", "endpoint": "a"},
                 {"target": "203.0.113.9", "endpoint": "b"}, {"target": "198.51.100.0/24"}]""");

        assertThat(export("plain", "plain-export")).isEqualTo("198.51.100.0/24\n203.0.113.9\n203.0.113.10\n");
    }

    @Test
    void whatHasEndedIsLeftOutAndNoSpreadsheetCalculates() {
        var id = Api.block("203.0.113.20", "ended-export", "P1D");
        Imports.place("application/json", "?duration=P1D&application=ended-export", """
                [{"target": "203.0.113.21", "reason": "+1"}]""");
        Api.as("responder").delete("/api/v1/blocks/" + id).then().statusCode(204);

        assertThat(export("csv", "ended-export"))
                .startsWith("target,reason,until,endpoint,application,remediation\r\n\"203.0.113.21\",\"'+1\",")
                .hasLineCount(2);
    }

    @Test
    void theListIsWhatItSaysItIs() {
        Api.as("auditor")
                .get("/api/v1/blocks/export?format=csv&application=nobodys")
                .then()
                .contentType("text/csv")
                .header("Content-Disposition", containsString("blocks.csv"))
                .header("Cache-Control", equalTo("no-store"));
        Api.as("auditor")
                .get("/api/v1/blocks/export?application=nobodys")
                .then()
                .statusCode(200)
                .body("$", hasSize(0));
        Api.as("auditor")
                .head("/api/v1/blocks/export?format=plain")
                .then()
                .statusCode(200)
                .header("Content-Disposition", containsString("blocks.txt"));
        Api.as("auditor").get("/api/v1/blocks/export?format=xml").then().statusCode(422);
        Api.as("user").get("/api/v1/blocks/export").then().statusCode(403);
    }

    private static String export(String format, String application) {
        return Api.as("auditor")
                .get("/api/v1/blocks/export?format=" + format + "&application=" + application)
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }
}

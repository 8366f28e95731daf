package io.bulwark.ratelimit.bulk;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One line of comma-separated values. A cell that a spreadsheet would take for a formula is written with an apostrophe
 * before it (OWASP, CSV injection), which is taken away when it is read again.
 */
final class CsvCells {
    private static final Pattern FORMULA = Pattern.compile("'*[=+\\-@\t\r].*", Pattern.DOTALL);
    private static final Pattern DEFUSED = Pattern.compile("'+[=+\\-@\t\r].*", Pattern.DOTALL);

    private CsvCells() {}

    /** @throws IllegalArgumentException where quotes do not pair up */
    static List<String> read(String line) {
        var cells = new ArrayList<String>();
        var at = 0;
        while (true) {
            var cell = new StringBuilder();
            at = at < line.length() && line.charAt(at) == '"' ? quoted(line, at + 1, cell) : plain(line, at, cell);
            cells.add(plain(cell.toString()));
            if (at == line.length()) {
                return cells;
            }
            at++; // the comma
        }
    }

    static String write(List<String> cells) {
        var line = new StringBuilder();
        for (var cell : cells) {
            if (!line.isEmpty()) {
                line.append(',');
            }
            line.append('"').append(defused(cell).replace("\"", "\"\"")).append('"');
        }
        return line.toString();
    }

    private static int plain(String line, int from, StringBuilder cell) {
        var comma = line.indexOf(',', from);
        var end = comma < 0 ? line.length() : comma;
        if (line.substring(from, end).indexOf('"') >= 0) {
            throw new IllegalArgumentException("has a quote in a cell that does not begin with one");
        }
        cell.append(line, from, end);
        return end;
    }

    private static int quoted(String line, int from, StringBuilder cell) {
        for (var at = from; at < line.length(); at++) {
            if (line.charAt(at) != '"') {
                cell.append(line.charAt(at));
            } else if (at + 1 < line.length() && line.charAt(at + 1) == '"') {
                cell.append('"');
                at++;
            } else if (at + 1 == line.length() || line.charAt(at + 1) == ',') {
                return at + 1;
            } else {
                break;
            }
        }
        throw new IllegalArgumentException("has a quote that does not end its cell");
    }

    private static String defused(String cell) {
        return FORMULA.matcher(cell).matches() ? "'" + cell : cell;
    }

    private static String plain(String cell) {
        return DEFUSED.matcher(cell).matches() ? cell.substring(1) : cell;
    }
}

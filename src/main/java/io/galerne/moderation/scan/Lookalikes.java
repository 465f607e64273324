package io.galerne.moderation.scan;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Characters that look like Latin letters and that Unicode doesn't decompose into them: Cyrillic,
 * Greek and Armenian letters, small capitals, letters turned upside down, letters with strokes.
 * Full-width, circled and mathematical letters need no entry, their decomposition is the letter.
 *
 * <p>Chosen by hand from what is known to be used for evasion; the idea, not the data, is that of
 * <a href="https://www.unicode.org/reports/tr39/">UTS #39</a>.
 */
final class Lookalikes {
  private static final Map<Integer, String> LETTERS = new HashMap<>();

  static {
    letters("a", "аӕӓαᴀɐɑⱥᎪ∧⍺");
    letters("ae", "æ");
    letters("b", "вьбβϐʙɓƀᏴ");
    letters("c", "сҫϲͼᴄɔƈɕȼᏟ¢©");
    letters("d", "ԁᴅđðɖɗƌꝺᎠ∂");
    letters("e", "еёҽєәѐεϵᴇǝəɛɇꬲᎬ∈∑€");
    letters("f", "ғϕꜰɟƒ");
    letters("g", "ԍցɢƃɡǥɠᏀ");
    letters("h", "нһңӊӈհիʜɥħɦᎻ");
    letters("i", "іїιւɪᴉıɩɨᎢᏆ⍳");
    letters("j", "јϳյᴊɾȷʄʝɉᎫ");
    letters("k", "кқҝҟќκϰᴋʞƙⱪĸᏦ");
    letters("l", "ӏӀլʟłƚɫɬɭⱡꞁᏞℓ£∣ǀ");
    letters("m", "мӎᴍɯɱᎷ");
    letters("n", "пηոռղɴŋɲɳ∩");
    letters("o", "оөӧθοσϑօᴏøɵ∅");
    letters("oe", "œ");
    letters("p", "рҏρϱքᴘþƥꝑꝓᏢ⍴");
    letters("q", "ԛգզꞯʠꝗ");
    letters("r", "гґѓᴦʀɹɼɽɍᎡ®");
    letters("s", "ѕςտꜱʂʃᏚ∫");
    letters("ss", "ß");
    letters("t", "тԏҭτեᴛʇŧƭƫʈⱦ");
    letters("u", "υսᴜʉʋ∪");
    letters("v", "ѵνᴠʌᏙ√∨");
    letters("w", "ԝѡωϖապᴡʍⱳꮃᎳ⍵");
    letters("x", "хҳχ×");
    letters("y", "уүұўγϒʏʎɣƴɏᎩ¥");
    letters("z", "ζᴢʐƶȥʒʑⱬᏃ");
  }

  private Lookalikes() {}

  private static void letters(String letters, String looks) {
    looks.codePoints().forEach(c -> LETTERS.put(Character.toLowerCase(c), letters));
  }

  /** The Latin letters of a character in lower case, or null. */
  static @Nullable String of(int c) {
    String letters = LETTERS.get(c);
    if (letters != null) {
      return letters;
    }
    // negative circled, negative squared and regional letters have no decomposition
    for (int block : new int[] {0x1F150, 0x1F170, 0x1F1E6}) {
      if (c >= block && c < block + 26) {
        return Character.toString('a' + c - block);
      }
    }
    return null;
  }
}

package io.galerne.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Passages in none of the allowed languages score high, all others low. */
class LanguageJudgeTests {
  @ParameterizedTest
  @CsvSource({
    "en, 'Could you tell me when the next train to Manchester leaves the station?'",
    "fr, 'Pouvez-vous me dire quand part le prochain train pour Marseille ce soir ?'",
    "de, 'Können Sie mir sagen, wann der nächste Zug nach München heute abfährt?'",
    "es, '¿Puede decirme a qué hora sale el próximo tren para Barcelona esta tarde?'",
    "it, 'Mi può dire a che ora parte il prossimo treno per Milano questo pomeriggio?'",
    "nl, 'Kunt u mij vertellen hoe laat de volgende trein naar Amsterdam vertrekt?'",
    "zh, '请问今天下午开往上海的下一班火车几点出发？从哪个站台开出？我想提前到达车站。'"
  })
  void onlyWhatIsAllowedPasses(String language, String passage) {
    LanguageJudge allows = new LanguageJudge(Set.of(language));
    LanguageJudge doesNot = new LanguageJudge(Set.of("fi"));

    assertThat(allows.score(passage).orElseThrow()).isZero();
    assertThat(doesNot.score(passage).orElseThrow()).isGreaterThan(0.9);
  }

  @Test
  void oneOfSeveralIsEnough() {
    LanguageJudge judge = new LanguageJudge(Set.of("fr", "en"));

    assertThat(
            judge.score("When does the next train leave, and from which platform?").orElseThrow())
        .isZero();
    assertThat(judge.score("Wann fährt der nächste Zug, und von welchem Gleis?").orElseThrow())
        .isGreaterThan(0.9);
  }

  @Test
  void aFewLettersTellNothing() {
    assertThat(new LanguageJudge(Set.of("fr")).score("OK 12345, 67 890 %"))
        .isEqualTo(OptionalDouble.empty());
  }
}

package io.galerne.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogoTests {
  @Test
  void shapesAndTheirPaintStay() {
    String picture =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><defs><linearGradient"
            + " id=\"g\"><stop offset=\"1\" stop-color=\"#f00\"/></linearGradient></defs><path"
            + " d=\"M0 0h9v9z\" fill=\"url(#g)\"/></svg>";

    assertThat(svg(picture)).contains("linearGradient", "url(#g)", "M0 0h9v9z", "viewBox");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "<g onload='alert(1)'/>",
        "<a href='javascript:alert(1)'><path d='M0 0'/></a>",
        "<foreignObject><b xmlns='http://www.w3.org/1999/xhtml'>alert</b></foreignObject>",
        "<image href='https://elsewhere.example/alert.png'/>",
        "<use href='https://elsewhere.example/alert.svg#a'/>",
        "<style>@import url(https://elsewhere.example/alert.css)</style>",
        "<rect fill='url(https://elsewhere.example/alert)'/>",
        "<rect style='background: url(alert:1)'/>",
        "<set attributeName='href' to='javascript:alert(1)'/>",
        "<animate attributeName='onload' values='alert(1)'/>",
        "<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script>",
        "<?xml-stylesheet href='alert'?>",
        "<!-- alert -->"
      })
  void whatActsOrIsFetchedGoes(String part) {
    assertThat(svg("<svg xmlns=\"http://www.w3.org/2000/svg\">" + part + "</svg>"))
        .doesNotContain("alert", "elsewhere");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GIF89a",
        "<html/>",
        "<svg/>",
        "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg"
            + " xmlns='http://www.w3.org/2000/svg'>&a;</svg>"
      })
  void otherFilesAreRefused(String file) {
    assertThatThrownBy(() -> Logo.of(file.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            ChatRefusedException.class, refused -> assertThat(refused.field()).isEqualTo("logo"));
  }

  @Test
  void ofAPngOnlyThePixelsStay() throws IOException {
    byte[] file = png(8, 8);
    byte[] more = java.util.Arrays.copyOf(file, file.length + 30);
    System.arraycopy("<script>alert(1)</script>".getBytes(UTF_8), 0, more, file.length, 25);
    Logo logo = Logo.of(more);

    assertThat(logo.type()).isEqualTo(Logo.PNG);
    assertThat(new String(logo.bytes(), UTF_8)).doesNotContain("script");
    assertThat(ImageIO.read(new java.io.ByteArrayInputStream(logo.bytes())).getWidth())
        .isEqualTo(8);
  }

  @Test
  void largePicturesAreRefused() {
    assertThatThrownBy(() -> Logo.of(png(2000, 10))).isInstanceOf(ChatRefusedException.class);
    assertThatThrownBy(() -> Logo.of(new byte[Logo.BYTES_MAX + 1]))
        .isInstanceOf(ChatRefusedException.class);
  }

  private static String svg(String file) {
    return new String(Logo.of(file.getBytes(UTF_8)).bytes(), UTF_8);
  }

  private static byte[] png(int width, int height) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", out);
    return out.toByteArray();
  }
}

package io.galerne.bench;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws tokens per second over the number of streams, both on logarithmic axes. */
final class GrowthPlot {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 460;

  private GrowthPlot() {}

  /**
   * @param tokensPerSecond one for each number of streams
   */
  record Line(String name, double[] tokensPerSecond) {
    Color color() {
      return name.startsWith("Galerne")
          ? new Color(0xd9480f)
          : name.startsWith("llama.cpp") ? new Color(0x1c7ed6) : Color.GRAY;
    }

    /** One thread is dashed. */
    BasicStroke stroke() {
      float[] dashes = name.endsWith("1 thread") ? new float[] {6, 4} : null;
      return new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0);
    }
  }

  static void write(int[] streams, List<Line> lines, Path file) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Decoding: tokens per second of all streams")
            .xAxisTitle("streams")
            .yAxisTitle("tokens/s")
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    double[] at = IntStream.of(streams).asDoubleStream().toArray();
    for (Line line : lines) {
      XYSeries series = chart.addSeries(line.name(), at, line.tokensPerSecond());
      series.setLineColor(line.color());
      series.setLineStyle(line.stroke());
      series.setMarker(line.name().startsWith("limit") ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
      series.setMarkerColor(line.color());
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      VectorGraphics2D graphics = new VectorGraphics2D();
      chart.paint(graphics, WIDTH, HEIGHT);
      new SVGProcessor()
          .getDocument(graphics.getCommands(), new PageSize(WIDTH, HEIGHT))
          .writeTo(out);
    }
  }
}
